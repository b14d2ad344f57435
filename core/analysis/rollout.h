// Attention rollout: how much of each token's output came from each input token, were attention all there is.
// It is not what the class depends on.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/head_fusion.h"
#include "core/source/schema.h"
#include "core/trace/trace.h"

#include <vector>

namespace fovea::analysis {

struct RolloutOptions {
    int startLayer = 0; ///< the first layer that takes part
    double residual = 0.5; ///< share of the skip connection, 0 to 1
    Fusion fusion = Fusion::Mean;
    double discard = 0; ///< share of each fused map's entries, the smallest, that become 0
    bool operator==(const RolloutOptions&) const = default;
};

/// The options as fields: rollout_start, rollout_residual, rollout_fusion, rollout_discard.
FOVEA_API const Schema& rolloutSchema();
/// From a config that has these fields, and into one.
FOVEA_API RolloutOptions rolloutOptions(const Config& config);
FOVEA_API void setRolloutOptions(Config& config, const RolloutOptions& options);

/// Abnar and Zuidema, "Quantifying Attention Flow in Transformers" (arXiv 2005.00928), section 4:
/// A_l = (1 - r) * fused_l + r * I with rows divided by their sums, R = A_L ... A_start. With `discard` d the
/// floor(d n^2) smallest of the n^2 entries of fused_l become 0 before that, except the first token's
/// attention to itself (J. Gildenblat, vit-explain, 2020); of equal ones the first go. The result is an
/// Attention record [1, 1, token, token] called "rollout"; its rows sum to 1. `patterns` are the layers'
/// Attention records in order. Throws Error when there are none left, or when a layer has several groups or
/// other tokens than the one before: then no product of the maps exists.
FOVEA_API Record rollout(const std::vector<RecordPtr>& patterns, const RolloutOptions& options = {});

/// The Attention records of a step that are patterns, in order of the run.
FOVEA_API std::vector<RecordPtr> patternsOf(const Trace& trace, std::size_t step = 0);

}
