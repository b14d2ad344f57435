// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/ia_red2/ia_red2.h"

#include "core/source/registry.h"

namespace {

void fill(fovea::Registry& registry) { registry.add(std::make_unique<fovea::plugin::ia_red2::IaRed2>()); }

}

FOVEA_PLUGIN(fill)
