// Fair rivals of a model that drops as many patches as a picture needs: its other rules, and other
// reductions on the same backbone, each at its cost. It judges none of them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/cost_accuracy.h"
#include "core/source/registry.h"

namespace fovea::analysis {

/// .3 to .7, closer around .5.
FOVEA_API std::vector<double> usualThresholds();

/// Contenders made of one model with the fields `threshold`, `rule`, `keep` and `groups` (an ia_red2):
/// "all", which keeps everything; "threshold" at each of `thresholds`; and for each of these, under the same
/// mean cost as nearly as a setting allows, its rules "top", "random" and "contrast" (`keep`: the mean shares
/// under the threshold, all times one number), "evit" (`keep_rate`) and "tome" (`r`) where the registry has
/// them. All have the model's tensors, under their names; nothing is trained. Costs are measured on the first
/// `calibration` pictures without their labels. Of the options pool, workspace, stop and progress are used.
/// Throws Error when the model has no such fields, there are no pictures or thresholds; Cancelled.
FOVEA_API std::vector<CostContender> costContenders(const Registry& registry, const WeightsPtr& model,
    const std::vector<StudyPicture>& pictures, const std::vector<double>& thresholds,
    const ExecuteOptions& run = {}, Index calibration = 1000);

}
