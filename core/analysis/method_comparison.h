// Several relevance methods on one picture: their maps, the numbers beside them, and how their ranks agree.
// What command line, window and figures show is computed here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/known_sanity.h"
#include "core/analysis/relevance.h"
#include "core/analysis/relevance_scores.h"

#include <optional>

namespace fovea::analysis {

struct ComparedMap {
    const RelevanceMethod* method = nullptr;
    RecordPtr map; ///< nullptr: the model does not fit the method
    std::string problem; ///< why
    RelevanceScores scores; ///< NaN without a map, when nothing is removed, or without a mask
    std::optional<KnownSanity> sanity; ///< of the method on this model without edits; nothing: not measured
};

struct MethodComparison {
    std::vector<ComparedMap> maps;
    std::string caption; ///< what holds for all maps: class, removal, options
    std::optional<RandomRange> random; ///< of option `random_draws` random orders; nothing: of none
    bool hasMask = false, hasOthers = false;
    int patches = 0; ///< of the picture, where some were removed
    Record scores; ///< Points [method, field] "relevance.scores": deletion, insertion, rank correlation; with
                   ///< masks pointing game, IoU, pointing at others; the ends of the rank correlation's
                   ///< interval; the sanity check and the same between pictures, NaN: not measured
    Record correlations; ///< Matrix [method, method] "relevance.correlations": Spearman's rho
    /// Where patches were removed: Points [low or high, field] "relevance.random_range", Matrix [method,
    /// point] "relevance.deletion" and "relevance.insertion", whose rows end with the range of random orders.
    std::vector<Record> more;
};

/// The options `removal` (`none`: no scores), `removal_steps`, `random_seed` and `random_draws` are read
/// besides those of the methods. Uses pool, workspace, patches, stop and progress of `run`. Throws Error
/// where patches cannot be removed that way, UsageError for an option that does not suit the model,
/// Cancelled.
FOVEA_API MethodComparison compareMethods(const RelevanceQuestion& question,
    const std::vector<const RelevanceMethod*>& methods, const Config& options,
    const ExecuteOptions& run = {});

/// Into the maps and the table of numbers: what is known of the methods on these weights under these options,
/// where it is of more pictures than what stood there.
FOVEA_API void addSanity(MethodComparison& comparison, const Weights& weights, const Config& options,
    const std::vector<KnownSanity>& known);

/// The coverage of the question's patches by a mask u8 [y, x].
FOVEA_API std::vector<double> coverageOf(const RelevanceQuestion& question, const Tensor& mask);

/// These methods and, behind them, the baselines that are not among them.
FOVEA_API std::vector<const RelevanceMethod*> withBaselines(std::vector<const RelevanceMethod*> methods);

}
