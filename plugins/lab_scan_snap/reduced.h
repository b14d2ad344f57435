// The paper's reduced equations for T to infinity, carried forward in time by Runge and Kutta's fourth order.
// It knows nothing of samples or optimisers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/lab_scan_snap/geometry.h"

namespace fovea::plugin::scan_snap {

/// All that changes, as one vector: Z [query, M], B_n [K], the decoder's progress u = eta_Y t / K, Gamma, and
/// with the original gradient Y [moving, M].
class Reduced {
public:
    Reduced(const Layout& layout, const Optimiser& rates, bool isOriginal);

    std::size_t size() const { return decoder_ + (isOriginal_ ? tokens_ * vocabulary_ : 0); }
    std::size_t growth() const { return queries_ * vocabulary_; } ///< where B_n begins
    std::size_t progress() const
    {
        return growth() + layout_.classes.size();
    } ///< where u is; Gamma is behind it
    std::size_t decoder() const { return decoder_; } ///< where Y begins

    /// One unit of time in steps of `timeStep` or a little less.
    std::vector<double> advanced(std::vector<double> state, double timeStep) const;
    /// Whitened gradient (Equation 10, Theorem 1), gamma of h(u), beta = E', everything per unit of time:
    ///     dz_ml = eta_Z gamma sum_n f_nl sum_n' E'_nn' ((f_n . f_n') f_nl - f_n'l),  dB_n = -eta_Z gamma
    ///     E'_nn
    /// Original (Equations 4 and 7): alpha_n = softmax(Y^T f_n), g_n = Y (e_n - alpha_n)
    ///     dY = eta_Y / K sum_n f_n (e_n - alpha_n)^T,  dz_m = eta_Z sum_n diag(f_n) (g_n - f_n (f_n . g_n))
    /// n are the classes of the query m. Equation 10 counts each of them whole; sampling gives it 1 / K of
    /// the steps.
    std::vector<double> slope(const std::vector<double>& state) const;
    /// -log of the probability of the label, mean over the classes.
    double lossOf(const std::vector<double>& state) const;
    /// Of the label of each class.
    std::vector<double> certainties(const std::vector<double>& state) const;

private:
    void whitened(
        const std::vector<double>& state, const Geometry& geometry, std::vector<double>& slope) const;
    void original(
        const std::vector<double>& state, const Geometry& geometry, std::vector<double>& slope) const;
    std::vector<double> errorOf(
        const std::vector<double>& state, const Geometry& geometry, std::size_t n) const;

    const Layout& layout_;
    const Optimiser& rates_;
    bool isOriginal_;
    std::size_t queries_, vocabulary_, tokens_, decoder_;
};

/// xi_n of a gradient g [moving] that reaches a class's attention: of all x the one with which f_l x is
/// nearest to (g - f (f . g))_l on its distinct tokens, where Theorem 2 has f_l xi_n.
double drawOf(const SequenceClass& one, const double* f, const double* g, std::size_t tokens);

}
