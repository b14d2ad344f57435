// What dropping tokens saves, and what it changes, beside the same model that drops none:
// multiply-accumulates, measured time, logits.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/execute.h"

namespace fovea::analysis {

struct TokenCost {
    Tensor fullLogits, logits; ///< [class]
    std::int64_t fullMacs = 0, macs = 0;
    /// Medians of `repeats` forward passes each, turn by turn, in which the fates alone are recorded.
    double fullSeconds = 0, seconds = 0;
};

/// Of the run that gave `trace` (input, seed, edits), and of the same with every token kept. Uses pool,
/// workspace, patches, stop and progress of the options. Throws Error where nothing is dropped, Cancelled.
FOVEA_API TokenCost measureTokenCost(const Architecture& architecture, const Weights& weights,
    const Trace& trace, int repeats, const ExecuteOptions& options = {});

}
