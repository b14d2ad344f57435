// The pictures of a data set that a view asks a model about when somebody wants many of them. What is asked
// is the view's own.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/display.h"
#include "widgets/session/opening.h"

#include "core/analysis/relevance_study.h"

namespace fovea {

/// The data set, as `fovea train --data` takes it: the one that the options name, else what the model was
/// trained on.
std::string studyData(const StudyOptions& study, const Weights& weights);
/// The same as a view says it.
QString studyDataText(const StudyOptions& study, const Weights& weights);
/// Its first `study.count` test pictures, prepared as the weights say; to be called in a Job. Of `run` pool
/// and stop are used. Throws Error where no data set can be opened or its pictures do not fit the model,
/// Cancelled.
std::vector<analysis::StudyPicture> openStudy(const Services& services, const StudyOptions& study,
    const Architecture& architecture, const Weights& weights, const ExecuteOptions& run);

}
