// What a step of the lab shows: attention, weights, and what the theory speaks of, measured. It changes no
// state.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/lab_scan_snap/layout.h"

#include "core/run/run.h"
#include "core/tensor/named_tensors.h"

namespace fovea::plugin::scan_snap {

std::vector<SignalInfo> signalsOf(const Settings& settings, const Layout& layout);
/// The state before an update, beside the loss of that update.
void showStep(
    Run& run, const Settings& settings, const Layout& layout, const NamedTensors& state, double loss);

/// theory.* of Lab::theory: curves over the steps of a run, the marks on them, and which conditions hold.
std::vector<Record> theoryRecords(const Settings& settings, const Layout& layout);

}
