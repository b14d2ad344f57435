// Softmax over the last axis. Scale and mask are for who calls it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

namespace fovea::nn {

/// exp(x - max) / sum exp(x - max) over the last axis.
FOVEA_API Tensor softmax(Run& run, const Tensor& x);

/// What a row's softmax was divided by.
struct SoftmaxSum {
    float most = 0; ///< max x
    float sum = 1; ///< sum exp(x - most)
    /// log sum exp(x)
    float log() const;
};
/// The softmax of one row in place. `row` has room for a multiple of simd::width floats; those behind n
/// become 0. For operations that hold a row already.
SoftmaxSum softmaxRow(float* row, Index n);
/// The same once more, bit by bit, in a third of the time.
void softmaxRow(float* row, Index n, const SoftmaxSum& known);

/// Turns the gradient of a row y = softmax(x) into that of x: y_i (g_i - sum_j y_j g_j).
void softmaxRowBackward(const float* y, float* gradient, Index n);
/// The same over the last axis; in the gradient's own memory where nobody else holds it.
Tensor softmaxBackward(Run& run, const Tensor& y, Tensor gradient);

}
