// What an interpreter makes of the tokens: scores, and how likely a drawn choice was. What is done with a
// score is the stage's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

namespace fovea::plugin::ia_red2 {

/// sigmoid(q_cls^h . k_j^h / sqrt(hd)) for each head h and token j, [B, head, n], of tokens x [B, n, C] that
/// are already normalised. q | k are the first 2 C rows of `agent.qk` [3 C, C], in the run's scope; the last
/// C are in the official file and are not used. The keys are never made: q^h . (W^h y_j + b^h) = (W^hT q^h) .
/// y_j + q^h . b^h.
Tensor headScores(Run& run, const Tensor& x, int heads);

/// The mean over heads, times `previous` [B, n]: [B, n]. No gradient flows through the latter.
Tensor meanScores(Run& run, const Tensor& perHead, const Tensor& previous);

/// log pi(u) = sum over j of u_j log p_j + (1 - u_j) log(1 - p_j), for the tokens j >= `first` that are
/// judged (1 in `judged`): [B]. `score` p, `drawn` u and `judged` are [B, n]; p is kept 1e-6 away from 0
/// and 1.
Tensor logProbability(Run& run, const Tensor& score, const Tensor& drawn, const Tensor& judged, Index first);

}
