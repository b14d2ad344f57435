// The figure of a paper on the command line: a recipe that has a name, over which options stand.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commands.h"

#include "widgets/figure/recipe.h"

namespace fovea::app {

/// What --data, --option and --dpi say otherwise. Throws UsageError naming the option.
void applyOver(figure::Recipe& recipe, const Arguments& arguments);

}
