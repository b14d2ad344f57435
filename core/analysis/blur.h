// A picture out of focus: what stands in for a patch that is taken away. Not for the eye's sake.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

namespace fovea::analysis {

/// Gaussian blur of pictures [B, C, H, W] with that sigma in pixels, cut off at 3 sigma; the border repeats.
FOVEA_API Tensor blurred(const Tensor& pictures, double sigma);

}
