// The data set `shapes`: one object of a class among distractors, or two objects of different classes, made
// as they are asked for. The pixels are render.h's, what is in them scene.h's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/schema.h"
#include "core/train/data_set.h"

namespace fovea::train::shapes {

/// Fields of `shapes:...`: size, mode, seed, train, test.
Schema shapesSchema();
DataSetPtr openShapes(const Config& config);

}
