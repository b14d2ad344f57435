// The affine map over the last axis, and with it every product of activations and weights. The kernel itself
// is tile.h.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/activation.h"

namespace fovea::nn {

/// y = activation(x W^T + b) over the last axis: [..., in] -> [..., out]. Reads `<name>.weight` [out, in]
/// (further axes of the weight count as `in`: a convolution whose stride is its kernel) and, when there is
/// one, `<name>.bias` [out].
FOVEA_API Tensor linear(
    Run& run, const Tensor& x, std::string_view name, Activation activation = Activation::None);

}
