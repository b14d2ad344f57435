// What the answer would be if one patch had met the other fate: kept where a group dropped it, dropped where
// it was kept. An intervention; what is there of fates is core/analysis/token_fates.h's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/execute.h"

namespace fovea::analysis {

/// Change of the class's logit, other fate minus what happened, for each original token:
/// "tokens.counterfactual", a Tokens record [token, 1]; NaN for special tokens and for those that were gone
/// before the group. Runs
/// `<keep>.<token>=keep` or `=drop` for each, from the group's own block on, under the edits of `base`. Uses
/// pool, workspace, patches, stop and progress of the options. Throws Error when `base` has no Keep record
/// `keepPath` or no such class, Cancelled when it is stopped.
FOVEA_API Record counterfactualFates(const Architecture& architecture, const Weights& weights,
    const TracePtr& base, const std::string& keepPath, int classIndex, const ExecuteOptions& options = {});

}
