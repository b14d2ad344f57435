// One step's loss and gradients of the one-layer model, by how often each token occurs. It draws no sequence
// and moves no weight.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/lab_scan_snap/layout.h"

namespace fovea::plugin::scan_snap {

/// Sequences by class. A row has a number for each token of the class and its query: how often it occurs.
struct Sequences {
    explicit Sequences(const Layout& layout)
        : rows(layout.classes.size())
        , counts(layout.classes.size())
    {
    }
    std::vector<std::size_t> rows; ///< of each class
    std::vector<std::vector<double>> counts; ///< of each class [row, token]
    double weight = 1; ///< of a row in the mean
};

/// Y [M, M], logits are Y^T f: the transpose of the official K1.weight. Z [query, M]: those rows of the
/// official K2.weight that anybody reads.
struct WeightsView {
    const double* y = nullptr;
    const double* z = nullptr;
};

struct Gradients {
    explicit Gradients(const Layout& layout)
        : y(static_cast<std::size_t>(layout.moving() * layout.vocabulary))
        , z(static_cast<std::size_t>(layout.queries * layout.vocabulary))
    {
    }
    double loss = 0; ///< mean cross entropy, nats
    std::vector<double> y; ///< [moving, M]: the other rows have none
    std::vector<double> z; ///< [query, M]
};

/// With counts N_l, query q and label n of a sequence:
///     a_l = N_l exp(Z_ql) / sum;  c = a (+ e_q);  f = c / |c|;  loss = -log softmax(Y^T f)_n
///     d = softmax(Y^T f) - e_n;  dY = f d^T;  g = (I - f f^T) Y d / |c|;  dZ_ql = a_l (g_l - a . g)
/// each times the weight of a row, summed over all rows.
Gradients gradientsOf(
    const Layout& layout, const Form& form, const WeightsView& weights, const Sequences& sequences);

/// c_n of the paper for T to infinity: P(l|n) exp(z_l), normalised to sum 1, in the order of the class's
/// tokens.
std::vector<double> attentionOf(const SequenceClass& one, const double* zOfQuery);

}
