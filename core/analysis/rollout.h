// Attention rollout: how much of each token's output came from each input token, were attention all there is.
// It is not what the class depends on.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/head_fusion.h"
#include "core/source/schema.h"
#include "core/trace/trace.h"

#include <vector>

namespace fovea::analysis {

/// How a layer's map, mixed with the residual stream, is normalised: each row by its own sum (Abnar and
/// Zuidema), or as J. Gildenblat's vit-explain (2020) publishes it, where the row sums lack keepdim and so
/// divide the columns: a_ij / sum_k a_jk.
enum class RolloutVariant { Rows, VitExplain };

struct RolloutOptions {
    int startLayer = 0; ///< the first layer that takes part
    double residual = 0.5; ///< share of the skip connection, 0 to 1
    Fusion fusion = Fusion::Mean;
    double discard = 0; ///< share of each fused map's entries, the smallest, that become 0
    RolloutVariant variant = RolloutVariant::Rows;
    bool operator==(const RolloutOptions&) const = default;
};

/// The options as fields: rollout_start, rollout_residual, rollout_fusion, rollout_discard,
/// rollout_variant.
FOVEA_API const Schema& rolloutSchema();
/// From a config that has these fields, and into one.
FOVEA_API RolloutOptions rolloutOptions(const Config& config);
FOVEA_API void setRolloutOptions(Config& config, const RolloutOptions& options);

/// Abnar and Zuidema, "Quantifying Attention Flow in Transformers" (arXiv 2005.00928), section 4:
/// A_l = (1 - r) * fused_l + r * I with rows divided by their sums, R = A_L ... A_start. With `discard` d the
/// floor(d n^2) smallest of the n^2 entries of fused_l become 0 before that, except the first token's
/// attention to itself (J. Gildenblat, vit-explain, 2020); of equal ones the first go. The result is an
/// Attention record [1, 1, token, token] called "rollout"; its rows sum to 1, but in the variant vit-explain.
/// `patterns` are the layers' Attention records in order. Throws Error when there are none left, or when a
/// layer has several groups or other tokens than the first: then no product of the maps exists. Tokens that
/// were dropped on the way neither look nor are looked at (core/analysis/whole_patterns.h).
FOVEA_API Record rollout(const std::vector<RecordPtr>& patterns, const RolloutOptions& options = {});

/// A layer's map [token, token], row-major: one row per query.
using LayerMap = std::vector<double>;

/// fused_l of the header above for each pattern from the start layer on. Throws Error as rollout().
FOVEA_API std::vector<LayerMap> fusedMaps(
    const std::vector<RecordPtr>& patterns, const RolloutOptions& options);
/// A_l of such a map: the smallest entries left out, mixed with the residual stream, normalised.
/// `discardsFirst`: the first entry may be left out too.
FOVEA_API LayerMap mixedMap(LayerMap fused, const RolloutOptions& options, bool discardsFirst = false);
/// A_last ... A_first of mixed maps.
FOVEA_API LayerMap rolledOut(const std::vector<LayerMap>& mixed);
/// Product of two square maps.
FOVEA_API LayerMap product(const LayerMap& a, const LayerMap& b);

/// The Attention records of a step that are patterns (not their gradients), in order of the run.
FOVEA_API std::vector<RecordPtr> patternsOf(const Trace& trace, std::size_t step = 0);

}
