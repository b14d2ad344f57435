// The labs among the toys, for the command line and the window.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/toys/toys.h"

namespace {

void addLabs(fovea::Registry& registry)
{
    fovea::toys::addLab(registry);
    fovea::toys::addTraining(registry);
}

}

FOVEA_PLUGIN(addLabs)
