// An architecture of the toys that takes a series, for `fovea train`.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/toys/toys.h"

FOVEA_PLUGIN(fovea::toys::addSeries)
