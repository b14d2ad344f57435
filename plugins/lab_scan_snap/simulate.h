// The three simulators, a step each: from state to state. They show nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/lab_scan_snap/layout.h"

#include "core/run/run.h"
#include "core/tensor/named_tensors.h"

namespace fovea::plugin::scan_snap {

NamedTensors startOf(const Settings& settings, const Layout& layout, std::uint64_t seed);

struct Step {
    double loss = 0; ///< before the update
    NamedTensors state; ///< after it
};
/// Throws Error naming the step when the loss is not finite or past all bounds.
Step stepOf(Run& run, const Settings& settings, const Layout& layout, const NamedTensors& state);

/// The vector of a Reduced, from a state of the lab.
std::vector<double> reducedOf(const NamedTensors& state);
Index numberOf(const NamedTensors& state);

}
