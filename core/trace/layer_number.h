// What number people know a layer by, the same in every view. It is no position among records.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"

namespace fovea {

/// Its depth among all blocks, whatever they do; `place` for a signal outside of them.
inline int layerNumber(const SignalInfo& info, int place) { return info.depth < 0 ? place : info.depth; }

}
