// Changes of a picture that do not change its class: shift, flip, erase. Pure functions of the place that
// draws and the picture; no stream of random numbers, no state.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/random.h"
#include "core/tensor/tensor.h"

namespace fovea::train {

/// What may happen to a training picture. All zero: nothing.
struct Augment {
    int pad = 0; ///< pixels: shifted by -pad to pad along each side, the edge pixels repeated
    bool flip = false; ///< mirrored left to right, half of the time
    double erase = 0; ///< probability that a rectangle becomes noise (Zhong et al. 2020, arXiv 1708.04896)
    bool operator==(const Augment&) const = default;
};

/// A u8 picture [channels, height, width]; a picture that nothing happens to comes back as it is.
FOVEA_API Tensor augmented(const Tensor& picture, const Augment& how, const RandomPlace& place);

}
