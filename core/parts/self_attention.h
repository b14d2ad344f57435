// Self-attention of a transformer block: one projection to q, k and v, attention, projection back. Norm and
// sum around it are the block's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/attention.h"

namespace fovea::parts {

struct SelfAttentionOptions {
    int heads = 1;
    bool projects = true; ///< false: the heads' outputs are the result as they are
    double dropout = 0; ///< probability that an element of the result is dropped in training
    Tensor kept = {}, keyBias = {}; ///< f32 [B, N], see nn::AttentionOptions
    nn::AttentionTaken* taken = nullptr; ///< see nn::AttentionOptions
};

/// proj(concat over heads of softmax(q k^T hd^-1/2) v), with q|k|v = qkv(x). Reads `qkv` and `proj`, shows
/// `out` and all that nn::attention shows, in the run's scope.
FOVEA_API Tensor selfAttention(
    Run& run, const Tensor& x, const SelfAttentionOptions& options, const LayoutPtr& layout);

}
