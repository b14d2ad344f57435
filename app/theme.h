// Light and dark: two palettes with one accent colour. Follows the desktop unless a person chose.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPalette>

namespace fovea::app {

enum class Theme { Desktop, Light, Dark };

/// Sets style and palette of the application. The first call remembers what the desktop had.
void applyTheme(Theme theme);
QPalette lightPalette();
QPalette darkPalette();

}
