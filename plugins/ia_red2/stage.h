// The judgement before a group of blocks: which tokens go on, and how they do. What a score is, is
// plugins/ia_red2/interpreter.h's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/ia_red2/config.h"

#include "core/parts/token_reduction.h"

namespace fovea::plugin::ia_red2 {

/// What flows on beside the tokens. One sample alone goes on with those that it keeps; samples of a batch,
/// whose numbers differ, go on with all of them and say which count.
namespace flow {
using parts::flow::kept, parts::flow::numbers;
constexpr std::string_view given
    = "given"; ///< f32 [B, N]: scores of all tokens, of a rule without interpreters
constexpr std::string_view cost = "cost"; ///< f32 [B], see IaRed2's `relative_cost`
}

/// Scores [B, N] of a rule without interpreters, from pictures [B, C, H, W]: of Rule::Contrast the standard
/// deviation of the values of each patch; of Rule::Random uniform numbers, which depend on the picture, the
/// run's seed and its step. Special tokens have 0.
Tensor givenScores(Run& run, const IaRed2Config& c, const Tensor& pictures);

/// Shows `scores`, `keep` and `left` under the stage's path, and drops what the rule says.
State judge(Run& run, const IaRed2Config& c, int group, const State& before);

}
