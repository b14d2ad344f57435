// The backward of LayerNorm. Only core/nn includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

namespace fovea::nn {

/// With h = (x - mean) / s, s = sqrt(var + eps) and g the gradient times w: dx = (g - mean(g) - h mean(g h))
/// / s, dw = sum of gradient * h, db = sum of the gradient, both over all rows. Mean and s are computed anew.
struct LayerNormBackward {
    Tensor x, weight, bias;
    float eps;

    void operator()(Run& run, Tape& tape, Tensor gradient) const;
};

}
