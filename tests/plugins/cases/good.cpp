// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/toys/toys.h"

FOVEA_PLUGIN(fovea::toys::addFilter)
