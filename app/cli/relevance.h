// What `fovea run --method` adds: relevance maps in the trace and the numbers beside them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/tool.h"

#include "core/analysis/known_sanity.h"

namespace fovea::app {

/// What the line asks of the methods.
struct RelevanceRequest {
    std::vector<const analysis::RelevanceMethod*> methods;
    Config options; ///< of relevanceSchema()
    std::string className; ///< as given; empty: the most probable
};
/// Throws UsageError for a method, or an option of a method, that there is not.
RelevanceRequest relevanceRequest(const Arguments& arguments);
/// Every method but the baselines, where the line names none.
RelevanceRequest relevanceRequestOfAll(const Arguments& arguments);

/// The maps of `question`'s run, added to its trace; `json` receives "relevance". A rollout's whole matrix is
/// added as well. Throws UsageError, Error, Cancelled.
TracePtr withRelevance(
    Tool& tool, const RelevanceRequest& request, const analysis::RelevanceQuestion& question, Json& json);

/// The command that makes the sanity checks of these methods on that model, but for the methods.
std::string sanityCommand(const Arguments& arguments, const std::string& model, const Weights& weights);

/// What this program knows of sanity checks; says what of it cannot be read.
std::vector<analysis::KnownSanity> knownSanity();

/// "relevance" as a person reads it.
std::string textOfRelevance(const Json& relevance);

}
