// The two-layer perceptron of a transformer block. Gated ones are none of these.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/activation.h"

namespace fovea::parts {

/// fc2(activation(fc1(x))). Reads `fc1` and `fc2`, shows `hidden` (after the activation) and `out`, in the
/// run's scope. In training elements of both are dropped with probability `dropout`.
FOVEA_API Tensor mlp(
    Run& run, const Tensor& x, nn::Activation activation, const LayoutPtr& layout, double dropout = 0);

}
