// What is measured of one state: attention of the classes and its growth since the start. It shows nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/lab_scan_snap/geometry.h"

#include "core/tensor/named_tensors.h"

namespace fovea::plugin::scan_snap {

/// -sum p ln p in nats over a class's distinct tokens, p being its attention renormalised on them.
double distinctEntropy(const SequenceClass& one, const std::vector<double>& c);

/// The growth of a class's attention among its distinct tokens, l0 the one it attends to most at the start.
struct Growth {
    /// zStart, z: row of the query.
    Growth(const SequenceClass& one, const double* zStart, const double* z);

    double chi = 1; ///< exp(2 (z_l0(t) - z_l0(0)))
    std::vector<double> ratios; ///< r_{l0/l}(t) = f_l0^2 / f_l^2 - 1 of each distinct l
    std::vector<double> law; ///< r_{l0/l}(0) chi: Theorem 3
    double error() const; ///< the largest |r - law| / (law + 1)
};

/// Of softmax over all M tokens of each query's row, [query, M].
std::vector<double> attentionRows(const Layout& layout, const double* z);
/// Share of distinct tokens, mean over the classes, to which a row of attentionRows gives more than a
/// threshold.
double recallAt(const Layout& layout, const std::vector<double>& rows, double threshold);

/// The decoder on the classes' attention, of weights Y [M, M] or the moving rows of it.
struct Reading {
    Reading(const Layout& layout, const Geometry& geometry, const double* y);

    std::vector<double> w; ///< W = F^T Y at the labels [K, K]
    std::vector<double> certainty; ///< alpha_nn [K]
    std::vector<double> draw; ///< xi_n [K] of the gradient Y (e_n - alpha_n)
    /// h_n [K] of the solution (M - 1) h at the label, -h elsewhere that is nearest to f_n^T Y (Lemma 5).
    std::vector<double> height;
    std::vector<double> speed; ///< gamma_n [K] = (M - 1) h_n (1 - alpha_nn), Theorem 1
};

}
