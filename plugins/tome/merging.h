// What happens between a block's attention and its MLP: the tokens that are most alike become one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/tome/config.h"

#include "core/nn/attention.h"

namespace fovea::plugin::tome {

namespace flow {
constexpr std::string_view sizes = "sizes"; ///< f32 [B, n]: patches that each token stands for; missing: 1
}

/// What proportional attention adds to the scores of each key, log(size) [B, n]; undefined where nothing was
/// merged or it is off.
Tensor keyBias(Run& run, const TomeConfig& c, const State& before);

/// Merges as matched() says: means weighted by size, sum_i s_i x_i / sum_i s_i. Then stand first the tokens
/// at even places that are left, then those at odd places. Shows `keep` (a token that was merged into another
/// is not kept; of a merged one the first patch speaks), `left` and `size` in the run's scope.
State merged(Run& run, const TomeConfig& c, const State& before, const nn::AttentionTaken& attention);

}
