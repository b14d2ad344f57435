// Several heads as one map. Layers stay apart: that is rollout.h.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/attention.h"

#include <span>
#include <string>

namespace fovea::analysis {

enum class Fusion { Mean, Min, Max };

/// Throws Error for any other name than "mean", "min" and "max".
FOVEA_API Fusion fusionOf(const std::string& name);
FOVEA_API std::string fusionName(Fusion fusion);

/// Takes one more head into a sum (Mean), a minimum or a maximum, element by element. NaN stays NaN.
FOVEA_API void fuse(Fusion fusion, std::span<float> into, std::span<const float> head);

/// The heads of one group of an Attention record, element by element: [query, key]. Only the mean's rows
/// still sum to 1.
FOVEA_API Tensor fuseHeads(const Record& attention, int group, Fusion fusion);

}
