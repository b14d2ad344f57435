// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/source/registry.h"

namespace {

void fill(fovea::Registry& registry) { registry.add(std::make_unique<fovea::plugin::vit::Vit>()); }

}

FOVEA_PLUGIN(fill)
