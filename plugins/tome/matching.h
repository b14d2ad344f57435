// Who is merged into whom: bipartite soft matching. It merges nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/attention.h"
#include "core/parts/token_reduction.h"

namespace fovea::plugin::tome {

/// Tokens at even places look for the token at an odd place that is most like them. Special tokens, and
/// those that do not count, neither look nor are found.
struct Matching {
    Tensor similarity; ///< [B, n]: of an even token to its partner, cosine of their keys; else 0
    Tensor partner; ///< i32 [B, n]: position of it in the sample; -1: it has none
    Tensor kept; ///< [B, n]: 0 for the r most similar, which are to be merged
};

/// The metric is the mean of the keys over heads (Bolya et al., section 3). r is cut to half of the tokens
/// that are not special.
Matching matched(Run& run, const parts::StandingTokens& t, const nn::Heads& keys, Index r);

}
