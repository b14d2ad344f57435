// From token ids to vectors by a table. Which ids there are is for who calls it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

namespace fovea::nn {

/// Row id of `<name>.weight` [vocabulary, C] for each id: i32 [B, N] -> [B, N, C]. Ids are within the table.
FOVEA_API Tensor embedding(Run& run, const Tensor& ids, std::string_view name);

}
