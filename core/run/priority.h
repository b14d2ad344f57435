// Which threads give way. The window's thread never calls it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export.h"

namespace fovea {

/// From now on the calling thread gives way to those of usual priority: a lab that runs for hours must not
/// keep a window waiting. There is no way back.
FOVEA_API void giveWay();

}
