// A hash that tells data sets apart at little cost. It reads a part of them, and no files.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/train/data_set.h"

namespace fovea::train {

/// SHA-256 of the counts, the shape and the names of the classes; of each split also of at most 256 samples
/// (value, label and target), evenly spread with the first and the last among them, and of at most 65536
/// labels. What else may have changed it does not see.
FOVEA_API std::string sha256(const DataSet& data);

}
