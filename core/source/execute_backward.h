// Running an architecture forward and then backward under a recorder: gradients of signals, parameters and
// input. No optimiser, no loss: the caller says what is differentiated.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/execute.h"

#include <functional>

namespace fovea {

/// What is differentiated, a scalar L, as dL / d output: a tensor of the output's shape [B, ...] made from
/// the output.
using Cotangent = std::function<Tensor(const Tensor& output)>;

/// L is the sum over the batch of one class's output. Throws UsageError where there is no such class.
FOVEA_API Cotangent classLogit(Index classIndex);
/// L is the sum over the batch of each sample's largest output.
FOVEA_API Cotangent topLogit();

struct BackwardOptions {
    Cotangent cotangent = topLogit();
    std::vector<std::string> signalPaths = {}; ///< paths; each gradient becomes the record `grad.<path>`
    std::vector<std::string> parameters = {}; ///< names
    bool ofInput = false;
};

struct BackwardResult {
    /// Of the forward pass, and `grad.<path>` for each signal asked for that the output depends on, with the
    /// Kind, axes and layouts of the signal; that of the value that flowed on where it is edited.
    TracePtr trace;
    Tensor output; ///< [B, ...]
    NamedTensors parameters; ///< sums over the batch; those that the output does not depend on are left out
    Tensor input; ///< [B, ...]; undefined when it was not asked for
};

/// One forward pass and one backward. `options.base` is not read: the whole chain runs. In a trace that is
/// recorded the gradients follow the signals. Throws what execute() throws, and UsageError for a pattern that
/// names nothing.
FOVEA_API BackwardResult executeBackward(const Architecture& architecture, const Weights& weights,
    const Tensor& input, const BackwardOptions& backward, const ExecuteOptions& options = {});

}
