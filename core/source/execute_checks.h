// What every way of running an architecture asks first. Only core/source includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/execute.h"

namespace fovea {

RunOptions runOptions(const ExecuteOptions& options, Probe* probe);
/// Throws Error when the input is not [B, ...] as inputShape() says, or lacks the watched sample.
void checkInput(const Architecture& architecture, const Config& config, const Tensor& input, Index sample);
/// So that no forward meets a tensor that is missing or of another shape, however it reads it.
void checkWeights(const Architecture& architecture, const Weights& weights);

}
