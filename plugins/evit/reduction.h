// What happens between a block's attention and its MLP: the patches that the class token hardly looks at go.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/evit/config.h"

#include "core/nn/attention.h"

namespace fovea::plugin::evit {

/// score_j = mean over heads of the class token's attention to token j; the highest stay (Liang et al.,
/// section 3.2), the others become sum_j score_j x_j (eq. 5), one token at the end, or nothing. That token is
/// a patch among others for the stages behind. Shows `keep` and `left` in the run's scope.
State reduced(Run& run, const EvitConfig& c, const State& before, const nn::AttentionTaken& attention);

}
