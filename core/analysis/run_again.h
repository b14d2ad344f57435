// The options of a run that gave a trace, for running it again with one thing changed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/execute.h"

namespace fovea::analysis {

/// Records nothing, keeps no states and reports no progress; seed, sample and edits are those of `base`.
FOVEA_API ExecuteOptions onceMore(const Trace& base, ExecuteOptions options);

}
