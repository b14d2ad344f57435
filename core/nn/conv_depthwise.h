// Convolution with one kernel for each channel: no product of matrices, but sums along the channels. Only
// core/nn includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/conv_backward.h"

namespace fovea::nn {

/// The kernels [C, 1, kh, kw] as [tap, C].
Tensor kernelsByTap(Run& run, const Tensor& weight);
/// out[pixel, c] = bias[c] + the sum over the taps of kernels[tap, c] times the source's pixel under it.
void multiplyByTap(
    Run& run, const Patches& patches, const float* kernels, const float* bias, GradientSink out);

struct DepthwiseBackward {
    Tensor x, weight, bias;
    ConvShape shape;

    void operator()(Run& run, Tape& tape, const Tensor& gradient) const;
};

}
