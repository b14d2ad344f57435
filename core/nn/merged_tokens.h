// Several tokens become one: weighted sums along the token axis. Which ones and with what weights is said by
// who calls it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

namespace fovea::nn {

/// Token t of the result is the sum of weight * token over those whose target is t; one whose target is -1 is
/// left out. [B, N, C], i32 [B, N] and f32 [B, N] -> [B, count, C]. No gradient flows through the weights.
FOVEA_API Tensor mergedTokens(
    Run& run, const Tensor& x, const Tensor& targets, const Tensor& weights, Index count);

}
