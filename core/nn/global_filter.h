// The global filter of GFNet (Rao et al. 2021, arXiv 2107.00645): a product in the frequency domain, which is
// a circular convolution with a kernel as large as the grid. It mixes tokens of a channel, and no channels.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

namespace fovea::nn {

/// y = irfft2(rfft2(x) K), both normalised by 1/sqrt(HW), over the grid of the tokens: x [B, H W, C],
/// row-major on the grid, K = `filter` [H, W/2 + 1, C, 2] of real and imaginary parts -> [B, H W, C]. irfft2
/// as in core/fft/transform.h. `keptAs`: the name of the weight that `filter` is, unchanged, so that its
/// prepared form is kept with the weights; empty for any other filter.
FOVEA_API Tensor globalFilter(
    Run& run, const Tensor& x, const Tensor& filter, Index rows, Index cols, std::string_view keptAs = {});

/// The filter as a signal of Kind Filter, and back: [H, W/2 + 1, C, 2] -> c64 [1, C, H, W/2 + 1].
FOVEA_API Tensor filterFromPairs(Run& run, const Tensor& pairs);
FOVEA_API Tensor pairsFromFilter(Run& run, const Tensor& filter);

}
