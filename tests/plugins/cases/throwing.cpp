// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/error.h"

#include "tests/support/toys/toys.h"

static void fill(fovea::Registry& registry)
{
    fovea::toys::addWindows(registry);
    throw fovea::Error("the second source is missing");
}

FOVEA_PLUGIN(fill)
