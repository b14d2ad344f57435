// Convolution over grids whose channels come last, as tokens have them: [B, H, W, C] and [B, H W, C] are
// views of one another. Where the kernel is the stride, unfoldPatches() and linear() do the same.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

namespace fovea::nn {

struct ConvOptions {
    Index stride = 1, padding = 0; ///< the same along both axes; the padding is of zeros
    Index groups = 1; ///< channels are cut into that many, each convolved with kernels of its own
};

/// y[b, i, j, o] = bias[o] + the sum over di, dj, c of weight[o, c, di, dj] times
/// x[b, i stride + di - padding, j stride + dj - padding, c], a cross-correlation as PyTorch's Conv2d has it:
/// [B, H, W, C] -> [B, H', W', O] with H' = (H + 2 padding - kernel) / stride + 1, rounded down. Reads
/// `<name>.weight` [O, C / groups, kernel, kernel] and, when there is one, `<name>.bias` [O].
FOVEA_API Tensor conv2d(Run& run, const Tensor& x, std::string_view name, const ConvOptions& options);

}
