// The affine map of tensors at hand, for parameters that have names of their own. By the usual names it is
// linear().
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

namespace fovea::nn {

/// y = x W^T + b over the last axis: [..., in] -> [..., out], of a weight [out, in] and a bias [out] or none.
FOVEA_API Tensor affine(Run& run, const Tensor& x, const Tensor& weight, const Tensor& bias = {});

/// [rows, columns] -> [columns, rows].
FOVEA_API Tensor transposed(Run& run, const Tensor& matrix);

}
