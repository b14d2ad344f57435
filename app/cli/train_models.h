// What a training begins with and learns from besides data: the models of --init and --teacher. How it goes
// on is train.cpp's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/named_architecture.h"
#include "app/cli/tool.h"

#include "core/train/beginning.h"
#include "core/train/trainer.h"

namespace fovea::app {

/// The option of a field of a training: "label-smoothing" for "label_smoothing".
QString optionOf(const Field& field);

/// What --teacher brings; no teacher without it. Throws UsageError for its numbers, Error for its file.
train::Teacher teacherOf(const Tool& tool, const Arguments& arguments);

/// What the file that `option` names brings. Throws UsageError for a preset beside weights of the same
/// architecture.
train::Beginning beginningOf(
    const Tool& tool, const Arguments& arguments, const NamedArchitecture& named, const QString& option);
/// Says on stderr which parameters are fresh; nothing where none is.
void sayFresh(const std::vector<std::string>& fresh);

}
