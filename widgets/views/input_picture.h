// The input as a picture under maps. It draws nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/slot.h"

#include <QImage>
#include <QStringList>

namespace fovea {

/// What the picture looks like to the model; for inputs that bring none, the values stretched to grey.
QImage inputPicture(const Slot& slot);
/// Says so when it was stretched.
QStringList pictureBadges(const Slot& slot);

}
