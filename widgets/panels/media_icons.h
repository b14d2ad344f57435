// The signs of a player, drawn in a palette's ink so that they are seen in every theme.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>

class QWidget;

namespace fovea {

enum class MediaSign { Play, Pause, Back, Forward, First, Last, Once, Around, BackAndForth };

/// 16 x 16 pixels, in the ink of the widget's buttons.
QIcon mediaIcon(MediaSign sign, const QWidget& widget);

}
