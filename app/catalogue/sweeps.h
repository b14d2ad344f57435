// Where this person's finished runs of labs are kept from one start of the program to the next.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/labs/sweep_memory.h"

#include <memory>

namespace fovea::app {

/// sweeps.txt in the person's cache folder, which may be removed at any time.
std::shared_ptr<SweepMemory> sweepMemory();

}
