// Attention patterns of a model that drops tokens on the way, as if it had kept them. They are only laid out
// anew: what was dropped neither looks nor is looked at.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/trace.h"

#include <vector>

namespace fovea::analysis {

/// Each pattern [1, head, n, n] whose tokens are some of `tokens` as [1, head, N, N] over all of them, with
/// rows and columns of 0 for those that are gone; any other one as it is. Maps of all layers can then be
/// multiplied: in a rollout a row of 0 leaves the residual stream alone.
std::vector<RecordPtr> wholePatterns(const std::vector<RecordPtr>& patterns, const LayoutPtr& tokens);

}
