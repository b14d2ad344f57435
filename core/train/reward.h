// Learning a choice by its reward (REINFORCE, Williams 1992, with the self-critical baseline of Rennie et al.
// 2017, arXiv 1612.00563). What is chosen, and how likely it was, is the architecture's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"
#include "core/train/batch.h"

namespace fovea::train {

/// Means over a batch.
struct Reward {
    double drawn = 0; ///< of the choices that the step made
    double greedy = 0; ///< of those without a draw; where none was drawn, the same
    double kept = 1; ///< share of the patches that the step's choices left
};

/// What a step by reward runs on.
struct RewardedStep {
    const Architecture& architecture;
    const LearningPhase& phase;
    const Weights& weights;
    const Batch& batch;
};

/// The reward of what was chosen for the logits `output` [B, class]; `told` is what Run::tell() was told,
/// `kept` [B]. Throws Error where it is missing.
Reward rewardOf(const Tensor& output, const Batch& batch, const NamedTensors& told, double penalty);

/// Runs the samples once more without a draw, and goes backwards through the tape of `run`: the gradient of
///   -mean over samples of (R(drawn) - R(greedy)) log pi(drawn), R = 1 - kept^2 where right, else -penalty,
/// from `log_probability` [B] in `told`. Throws Error where it is missing.
Reward learnByReward(Run& run, const RewardedStep& step, const Tensor& output, const NamedTensors& told);

}
