// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/dynamic_vit/dynamic_vit.h"

#include "core/source/registry.h"

namespace {

void fill(fovea::Registry& registry)
{
    registry.add(std::make_unique<fovea::plugin::dynamic_vit::DynamicVit>());
}

}

FOVEA_PLUGIN(fill)
