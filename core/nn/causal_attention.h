// Attention in which a token sees itself and those before it. Attention without a mask is attention.h.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/heads.h"

namespace fovea::nn {

/// pattern = softmax(scale * q k^T) over the keys up to the query's own place, 0 behind it:
/// [B, 1, head, query, key]. Shows `q`, `k`, `scores` (of all pairs, before the mask) and `pattern` in the
/// run's scope. Queries and keys are the same tokens.
FOVEA_API Tensor causalPattern(
    Run& run, const Heads& q, const Heads& k, float scale, const LayoutPtr& tokens);

struct CausalAttentionOptions {
    float scale = 1; ///< of the products q . k, usually channels^-1/2
    LayoutPtr tokens;
    double dropout = 0; ///< probability that an element of the pattern is dropped in training
};

/// causalPattern() times v, merged over heads: [B, token, head * channel]. Shows `v` and `head` besides.
FOVEA_API Tensor causalAttention(
    Run& run, const Heads& q, const Heads& k, const Heads& v, const CausalAttentionOptions& options);

}
