// How likely each patch is worth keeping: the predictor of a stage. What is done with that is the stage's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/parts/token_reduction.h"

namespace fovea::plugin::dynamic_vit {

/// Log-probabilities [B, n] that tokens are kept, of x [B, n, C]; 0 for special tokens, which no predictor
/// sees. Rao et al., section 3.2: z = MLP(x), the mean over the patches of its second half beside its own
/// first half, and from both of them log softmax(MLP). In the run's scope it reads `in_conv` and `out_conv`.
/// No gradient comes back from a choice, so none is given here.
Tensor keepLogProbabilities(Run& run, const parts::StandingTokens& t, const Tensor& x);

}
