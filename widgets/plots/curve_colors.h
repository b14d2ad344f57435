// The colours that tell curves apart, the same in plots, lists and the time bar.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/style.h"

#include <cstddef>

namespace fovea {

/// How many there are before they come again.
std::size_t curveColors();
/// Okabe and Ito, those first that stand out most from the ground.
QColor curveColor(std::size_t index, const QColor& ground);

}
