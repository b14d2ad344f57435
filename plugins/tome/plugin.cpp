// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/tome/tome.h"

#include "core/source/registry.h"

namespace {

void fill(fovea::Registry& registry) { registry.add(std::make_unique<fovea::plugin::tome::Tome>()); }

}

FOVEA_PLUGIN(fill)
