// How a training goes: its settings as a Schema, from which options, forms and files derive, and in plain
// fields. What is trained and on what is core/train/trainer.h's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/schema.h"
#include "core/train/augment.h"
#include "core/train/optimiser.h"
#include "core/train/schedule.h"

namespace fovea::train {

FOVEA_API Schema trainingSchema();

/// A Config of trainingSchema() in plain fields.
struct FOVEA_API TrainingSettings {
    explicit TrainingSettings(const Config& config);

    Index epochs, steps, batch; ///< steps 0: the epochs count
    OptimiserOptions optimiser;
    double rate, gamma, smoothing, clip;
    Schedule::Form form;
    Index warmup; ///< negative: a twentieth of all steps
    Augment augment;

    /// All steps, where an epoch has so many.
    Index stepsInAll(Index perEpoch) const { return steps > 0 ? steps : epochs * perEpoch; }
    /// The rates of a training of so many steps, of which an epoch has `perEpoch`.
    Schedule schedule(Index all, Index perEpoch) const;
};

}
