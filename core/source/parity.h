// How far a model's run here is from what the original framework computed: the parity badge. It says nothing
// of how good the model is.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/execute.h"

namespace fovea {

/// One signal of a reference beside ours.
struct ParityRow {
    std::string path;
    std::string problem; ///< not recorded, or of another shape; empty: compared
    double relative = 0; ///< largest absolute difference over the reference's root mean square
    double absolute = 0; ///< largest absolute difference
    Index where = 0; ///< flat index of the largest difference
};

struct FOVEA_API Parity {
    static constexpr double tolerance = 1e-4;

    std::vector<ParityRow> rows; ///< in order of execution; the logits are last
    /// The largest relative difference of all rows; infinity when one could not be compared.
    double worst() const;
    /// The first row beyond the tolerance; nullptr when there is none.
    const ParityRow* firstDivergence() const;
};

/// Compares two tensors; equal shapes. A NaN counts as an infinite difference.
FOVEA_API ParityRow compareValues(const std::string& path, const Tensor& found, const Tensor& expected);

/// Runs the reference input of the weights and compares every signal it brings. Throws Error when the
/// weights bring no reference.
FOVEA_API Parity checkParity(
    const Architecture& architecture, const Weights& weights, const ExecuteOptions& options = {});

}
