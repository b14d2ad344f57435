// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/figure_presets.h"

#include "core/tensor/error.h"

#include <algorithm>

namespace fovea {

const std::vector<FigurePreset>& figurePresets()
{
    static const std::vector<FigurePreset> presets{
        {"gfnet", "filter-grid", {{"scale", "shown"}, {"colors", "YlGnBu"}, {"filter_order", "stored"}}}};
    return presets;
}

Display displayAs(const std::string& preset, const Display& display)
{
    const auto found = std::ranges::find(figurePresets(), preset, &FigurePreset::name);
    if (found == figurePresets().end())
        throw UsageError("there is no figure preset '" + preset + "'");
    Config options = configOf(display);
    for (const auto& [name, value] : found->options)
        options.setText(name, value);
    return displayFrom(options);
}

}
