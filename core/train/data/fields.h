// The fields that follow a data set's name, `:field=value,...`, as a Config. Opens nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/schema.h"
#include "core/train/data/picture_set.h"

namespace fovea::train::data {

/// `what` names the data set in the UsageError for a field that is unknown or out of its range.
Config readFields(const Schema& schema, const std::string& what, std::string_view fields);

/// The fields test (the share that becomes the test split) and seed.
Schema splitSchema();
SeededSplit splitOf(const Config& config);

}
