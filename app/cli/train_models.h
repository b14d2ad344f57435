// What a training begins with and learns from besides data: the models of --init and --teacher. How it goes
// on is train.cpp's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/named_architecture.h"
#include "app/cli/tool.h"

#include "core/train/trainer.h"

namespace fovea::app {

/// The option of a field of a training: "label-smoothing" for "label_smoothing".
QString optionOf(const Field& field);

/// What --teacher brings; no teacher without it. Throws UsageError for its numbers, Error for its file.
train::Teacher teacherOf(const Tool& tool, const Arguments& arguments);

/// What --init brings: its config and preprocessing, and the parameters that fit.
struct Beginning {
    WeightsPtr weights; ///< nothing: fresh ones
    std::string hash() const { return weights ? weights->parts().hash : ""; }
};

Beginning beginningOf(const Tool& tool, const Arguments& arguments, const NamedArchitecture& named);
/// Puts the parameters that fit in the place of fresh ones, and says which do not.
void takeParameters(train::TrainState& state, const Beginning& beginning, const train::TrainingTask& task);

}
