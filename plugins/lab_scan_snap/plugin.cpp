// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/scan_snap.h"

#include "core/source/registry.h"

namespace {

void fill(fovea::Registry& registry) { registry.add(std::make_unique<fovea::plugin::scan_snap::ScanSnap>()); }

}

FOVEA_PLUGIN(fill)
