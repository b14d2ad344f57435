// Records that are computed from another one: what they keep of it, and an axis with its origin in the
// middle. They have no value yet.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"

namespace fovea::analysis {

/// "<path>.<leaf>", of that Kind and role, in the place of `from` (depth, block) and marked as it is.
Record derivedRecord(const Record& from, const char* leaf, Kind kind, const char* role);
/// n values (i - n/2) / over.
Axis axisFromMiddle(const char* name, Index n, double over, const char* unit);

}
