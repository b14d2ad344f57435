// Relevance maps by name: one number for each patch, from attention, from gradients or from interventions.
// What each method computes stands in its own file; this one is the table of them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/relevance_question.h"

#include <span>
#include <string>
#include <vector>

namespace fovea::analysis {

/// The options of all methods as fields, those of the rollout (rolloutSchema()) first; each method reads
/// some.
FOVEA_API const Schema& relevanceSchema();

struct RelevanceMethod {
    std::string name; ///< "chefer"
    std::string title; ///< "gradient x attention"
    std::string source; ///< "Chefer et al. 2021, arXiv 2103.15679"
    std::string unit; ///< of the values; empty for a pure number
    std::vector<std::string> fields; ///< of relevanceSchema() that it reads
    bool readsClass = false; ///< the map is of one class
    bool isSigned = false; ///< values below zero speak against the class
    bool isBaseline = false; ///< asks the model nothing
    /// One number for each patch, or for each token of tokensOf(question).
    std::vector<double> (*values)(const RelevanceQuestion&, const Config& options, const ExecuteOptions&);
};

/// Every method, baselines last.
FOVEA_API std::span<const RelevanceMethod> relevanceMethods();
/// Throws UsageError naming the methods, the nearest first.
FOVEA_API const RelevanceMethod& relevanceMethod(const std::string& name);

/// The map of a method as a Tokens record [patch, 1] called "relevance.<name>", its options and class in the
/// help. `options` has the fields of relevanceSchema(). Uses pool, workspace, patches, stop and progress of
/// `run`. Throws Error where the model does not fit the method, Cancelled.
FOVEA_API Record relevance(const RelevanceQuestion& question, const RelevanceMethod& method,
    const Config& options, const ExecuteOptions& run = {});

/// What was done, for captions: "attention flow · start 0 · residual 0.5 · fusion mean · ... · class 3
/// (Dress)".
FOVEA_API std::string relevanceCaption(
    const RelevanceMethod& method, const Config& options, const RelevanceQuestion& question);

}
