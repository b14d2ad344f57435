// Multi-head attention between queries and keys, with everything a probe may ask of it. The projections
// before and after it are core/parts.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/heads.h"

namespace fovea::nn {

/// What a reduction of tokens goes by, as it is after edits. No gradient flows through it.
struct AttentionTaken {
    Heads keys;
    Tensor firstPattern; ///< [B, head, key]: how the first query shares itself out
};

struct AttentionOptions {
    float scale = 1; ///< of the products q . k, usually channels^-1/2
    LayoutPtr queries, keys; ///< what the tokens are; no keys: the same as the queries
    /// f32 [B, token], 1 or 0, of tokens that are queries and keys both: one of 0 is no key to anybody, and
    /// as a query it finds nothing (its pattern and its z are 0). Undefined: all are kept.
    Tensor kept = {};
    /// f32 [B, key], added to every query's score of a key; no gradient flows through it. Undefined: 0.
    Tensor keyBias = {};
    AttentionTaken* taken = nullptr; ///< receives it
};

/// pattern = softmax(scale * q k^T + keyBias) over the keys, z = pattern v (Vaswani et al., 2017, eq. 1), for
/// every head; returns z merged over heads, [B, query, head * channel]. Shows `q`, `k`, `v`, `scores` (before
/// the softmax), `pattern` and `head` (z of each head) in the run's scope; patterns exist in memory only
/// where the probe asks, and an edit of any of them changes z.
FOVEA_API Tensor attention(
    Run& run, const Heads& q, const Heads& k, const Heads& v, const AttentionOptions& options);

/// pattern [B, 1, head, query, key] times v, merged over heads.
FOVEA_API Tensor applyPattern(Run& run, const Tensor& pattern, const Heads& v);

}
