// Which elements of a value an edit names: the indices behind its path. Only EditPlan and the verbs use this.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/probe.h"

#include <optional>
#include <string>
#include <vector>

namespace fovea::edits {

/// One selector for each axis of a batched value, batch included: an index, or -1 for all.
using Selection = std::vector<Index>;

/// The axis (without batch) that runs over tokens; the query axis of Attention.
std::optional<int> tokenAxis(Kind kind);
/// Indices as written to selections on `value`, which share no element. Attention's begin at the head, and
/// its queries and keys are tokens of their layouts: one selection for each group that holds them. Other
/// Kinds' begin at their first axis. A token's name ("cls", "(7,4)") may stand for its index. Throws
/// UsageError when one is out of range.
std::vector<Selection> selections(
    Kind kind, const std::vector<std::string>& indices, const Shown& shown, const Tensor& value);

}
