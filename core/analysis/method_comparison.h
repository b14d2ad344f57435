// Several relevance methods on one picture: their maps, the numbers beside them, and how their ranks agree.
// What command line, window and figures show is computed here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/relevance.h"
#include "core/analysis/relevance_scores.h"

namespace fovea::analysis {

struct ComparedMap {
    const RelevanceMethod* method = nullptr;
    RecordPtr map; ///< nullptr: the model does not fit the method
    std::string problem; ///< why
    RelevanceScores scores; ///< NaN without a map, when nothing is removed, or without a mask
};

struct MethodComparison {
    std::vector<ComparedMap> maps;
    std::string caption; ///< what holds for all maps: class, removal, options
    Record scores; ///< Points [method, field] "relevance.scores": deletion, insertion, rank correlation;
                   ///< with a mask also pointing game and IoU
    Record correlations; ///< Matrix [method, method] "relevance.correlations": Spearman's rho
};

/// The options `removal` (`none`: no scores) and `removal_steps` are read besides those of the methods. Uses
/// pool, workspace, patches, stop and progress of `run`. Throws Error where patches cannot be removed that
/// way, UsageError for an option that does not suit the model, Cancelled.
FOVEA_API MethodComparison compareMethods(const RelevanceQuestion& question,
    const std::vector<const RelevanceMethod*>& methods, const Config& options,
    const ExecuteOptions& run = {});

/// The coverage of the question's patches by a mask u8 [y, x].
FOVEA_API std::vector<double> coverageOf(const RelevanceQuestion& question, const Tensor& mask);

/// These methods and, behind them, the baselines that are not among them.
FOVEA_API std::vector<const RelevanceMethod*> withBaselines(std::vector<const RelevanceMethod*> methods);

}
