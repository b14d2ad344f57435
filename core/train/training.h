// A training from its start, or from a checkpoint, to a weights file: epochs, accuracy, checkpoints. What a
// step does is core/train/trainer.h's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/stored_tensor.h"
#include "core/source/registry.h"
#include "core/train/trainer.h"

#include <functional>

namespace fovea::train {

/// What a weights file says of its making. A checkpoint goes on under the same `data`, `dataHash`, `seed`,
/// `settings` and `init` only.
struct Provenance {
    std::string command; ///< the line to make it again
    std::string data; ///< as openDataSet() takes it
    std::string settings; ///< JSON
    std::string init; ///< SHA-256 of the weights it began with; empty: fresh ones
    std::string dataHash = {}; ///< see core/train/data_hash.h
};

struct TrainingFiles {
    std::string output; ///< weights
    io::StoredType type = io::StoredType::F32; ///< of the output's parameters: F32, F16 or BF16
    Index checkpointEvery = 0; ///< steps; 0: about every half minute
    Provenance provenance;

    /// Beside the output: "w.checkpoint.h5" for "w.h5".
    FOVEA_API std::string checkpoint() const;
};

/// What became of an epoch, or of its beginning where the training ends within it.
struct EpochRow {
    Index epoch = 0, step = 0; ///< epochs begun and steps made
    double loss = 0; ///< mean over the training samples of the epoch, as they were seen
    Accuracy test;
    double seconds = 0; ///< of its steps
    Index samples = 0; ///< seen
};

/// Both are called in the thread that trains, and may be empty.
struct TrainingWatch {
    std::function<void(const StepResult&)> onStep;
    std::function<void(const EpochRow&)> onEpoch;
};

struct Trained {
    Accuracy test; ///< of the parameters as they are stored
    Index steps = 0;
    WeightsPtr weights; ///< as they are stored
};

/// The state that a checkpoint holds. Throws Error naming the file and the field that differs when it is of
/// another training.
FOVEA_API TrainState readState(const Trainer& trainer, const TrainingFiles& files, const Registry& registry);

/// Trains from `from` to the end and writes the output; then the checkpoint is removed. When it is stopped
/// (Cancelled) it leaves a checkpoint of the last whole step. Diverged: it leaves one of the last state whose
/// loss and gradients were finite, and the message names it. The output holds a reference: the first test
/// sample, its logits and what each block makes of it, so that `fovea check` notices a build that computes
/// something else.
FOVEA_API Trained train(const Trainer& trainer, TrainState from, const TrainingFiles& files,
    const StepMeans& means, const TrainingWatch& watch = {});

}
