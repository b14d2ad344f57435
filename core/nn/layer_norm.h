// Layer normalisation (Ba et al., 2016). It keeps no statistics from call to call.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

namespace fovea::nn {

/// (x - mean) / sqrt(var + eps) * w + b over the last axis, with the biased variance.
/// Reads `<name>.weight` and `<name>.bias`, both [C].
FOVEA_API Tensor layerNorm(Run& run, const Tensor& x, std::string_view name, double eps);
/// The same without parameters: w = 1, b = 0.
FOVEA_API Tensor layerNorm(Run& run, const Tensor& x, double eps);

}
