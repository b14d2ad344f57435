// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/evit/evit.h"

#include "core/source/registry.h"

namespace {

void fill(fovea::Registry& registry) { registry.add(std::make_unique<fovea::plugin::evit::Evit>()); }

}

FOVEA_PLUGIN(fill)
