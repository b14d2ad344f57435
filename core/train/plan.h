// Which parameters move at which step, how fast and by what: the phases of an architecture, laid out over the
// steps of a training. What a step does is core/train/trainer.h's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"
#include "core/train/settings.h"

namespace fovea::train {

/// Steps [begin, end) of a training. Schedule and optimiser begin anew with each.
struct PlannedPhase {
    LearningPhase phase;
    Index begin = 0, end = 0;
    Schedule schedule; ///< of its own steps
    std::vector<std::string> learned; ///< parameters, as a tape is asked for them

    double rateAt(Index step) const { return phase.rate * schedule.at(step - begin); }
};

/// How long a training is.
struct TrainingLength {
    Index steps = 0, perEpoch = 1;
};

/// One phase of everything where the architecture has none. There is always one, and all but the only one
/// have steps. Throws Error naming the field `rates` where a pattern of it fits no parameter.
std::vector<PlannedPhase> planOf(const Architecture& architecture, const Config& config,
    const TrainingSettings& settings, TrainingLength length);

}
