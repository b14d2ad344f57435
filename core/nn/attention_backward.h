// What attention leaves on the tape. Only core/nn includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/attention_gradient.h"

#include <string>

namespace fovea::nn {

/// One attention on its way through a run.
struct Attended {
    Heads q, k, v;
    float scale = 1;
    Tensor kept = {}, keyBias = {}; ///< see AttentionOptions
    Shown context = {};
    std::string scoresPath = {}, patternPath = {}; ///< where their gradients are asked for, else empty

    /// Of sample b's tokens, or nullptr where all are kept.
    const float* keptOf(Index b) const { return kept.defined() ? kept.data() + b * q.tokens : nullptr; }
    /// Of sample b's keys, or nullptr where there is none.
    const float* biasOf(Index b) const { return keyBias.defined() ? keyBias.data() + b * k.tokens : nullptr; }
};

/// z comes from q, k and v in one step. `sums` as in AttentionGradient, or undefined.
void recordAttention(Run& run, const Attended& attended, const Tensor& sums, const Tensor& z);
/// `scores`, in whose place an edit put `edited`, come from q and k.
void recordScores(Run& run, const Attended& attended, const Tensor& scores, const Tensor& edited);
/// `pattern`, in whose place an edit put `edited`, comes from q and k, the softmax included.
void recordPattern(Run& run, const Attended& attended, const Tensor& pattern, const Tensor& edited);
/// z comes from a pattern and v.
void recordApplied(Run& run, const Tensor& pattern, const Heads& v, const Tensor& z);

}
