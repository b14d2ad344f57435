// How papers have drawn what a view shows: values of display options under a name.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/display.h"

#include <string>
#include <utility>
#include <vector>

namespace fovea {

struct FigurePreset {
    std::string name;
    const char* view; ///< id
    std::vector<std::pair<std::string, std::string>> options; ///< of displaySchema()
};
const std::vector<FigurePreset>& figurePresets();
/// A display with what the preset of that name says. Throws UsageError where there is none.
Display displayAs(const std::string& preset, const Display& display);

}
