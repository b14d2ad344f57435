// Fields within an area that scrolls: the wheel is theirs only while they have the keyboard. It scrolls
// nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export.h"

#include <QWidget>

namespace fovea {

/// From now on the wheel passes `field` by until it was clicked or reached by Tab.
FOVEA_API void calmWheel(QWidget* field);

}
