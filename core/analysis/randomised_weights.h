// Sanity check: a map that stays the same when the model's weights are random says nothing about the model.
// It draws no map itself.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/interval.h"
#include "core/analysis/relevance.h"

namespace fovea::analysis {

/// The parameters that each block reads first, in the order of the blocks.
FOVEA_API std::vector<std::vector<std::string>> parametersByBlock(
    const Architecture& architecture, const Weights& weights, const Tensor& input);

/// The weights with the parameters of the last `blocks` blocks drawn anew by their initialisers, from that
/// seed.
FOVEA_API WeightsPtr withRandomBlocks(const Architecture& architecture, const Weights& weights,
    const std::vector<std::vector<std::string>>& byBlock, std::size_t blocks, std::uint64_t seed);

struct SanityOptions {
    int draws = 5; ///< of random weights
    std::uint64_t seed = 0;
    double limit = 0.5; ///< a median correlation above it is a failure
};

/// How much of a method's maps is left after the blocks from the head down to one were drawn anew.
struct SanityStage {
    std::string block; ///< the last one drawn anew
    double correlation = 0; ///< median of Spearman's rho over pictures and draws; NaN: no map had an order
    bool fails = false;
};
struct Sanity {
    std::string method;
    std::vector<SanityStage> stages; ///< the head alone first, every block last
    double betweenPictures = 0; ///< median of rho between the trained model's maps of different pictures
    /// The largest correlation of a stage, NaN where no map had an order; whether one fails.
    FOVEA_API double mostLeft() const;
    FOVEA_API bool fails() const;
};

/// Adebayo et al., "Sanity Checks for Saliency Maps" (arXiv 1810.03292), cascading randomisation: for each
/// picture [1, ...] the map of its most probable class with the trained weights against the map of the same
/// class with the last 1, 2, ... blocks drawn anew. Progress, stop and pool as in `run`.
FOVEA_API Sanity checkSanity(const Architecture& architecture, const Weights& weights,
    const std::vector<Tensor>& pictures, const RelevanceMethod& method, const Config& options,
    const SanityOptions& sanity = {}, const ExecuteOptions& run = {});

/// As Points [method, field] "relevance.sanity": between pictures, then a stage for each block, the head
/// first.
FOVEA_API Record sanityTable(const std::vector<Sanity>& all);

}
