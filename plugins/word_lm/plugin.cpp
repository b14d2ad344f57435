// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/word_lm/word_lm.h"

#include "core/source/registry.h"

namespace {

void fill(fovea::Registry& registry) { registry.add(std::make_unique<fovea::plugin::word_lm::WordLm>()); }

}

FOVEA_PLUGIN(fill)
