// Pictures to tokens: a convolution whose stride is its kernel, alone or between two LayerNorms. Positions
// and special tokens come after it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

#include <optional>

namespace fovea::parts {

/// [B, C, H, W] -> [B, H/p * W/p, dim]. Reads `proj` [dim, C, p, p] and shows `out`, in the run's scope. With
/// `normEps` (Kumar et al., Dual PatchNorm, 2023) a LayerNorm `norm1` [C p p] comes before, over the values
/// of a patch, and one `norm2` [dim] after.
FOVEA_API Tensor patchEmbedding(
    Run& run, const Tensor& image, Index patch, const LayoutPtr& layout, std::optional<double> normEps = {});

}
