// Pictures to tokens: a convolution whose stride is its kernel.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

namespace fovea::parts {

/// [B, C, H, W] -> [B, H/p * W/p, dim]. Reads `proj` [dim, C, p, p] and shows `out`, in the run's scope.
FOVEA_API Tensor patchEmbedding(Run& run, const Tensor& image, Index patch, const LayoutPtr& layout);

}
