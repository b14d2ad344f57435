// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/evit/config.h"

#include "core/parts/token_reduction.h"

#include <algorithm>
#include <cmath>

namespace fovea::plugin::evit {

Schema schema()
{
    constexpr double usualRate = 0.7, lowestRate = 0.01;
    Schema fields = parts::vit::schema();
    fields.push_back(parts::dropAtField("blocks, from 0, in which patches go between attention and MLP"));
    fields.push_back(
        {"keep_rate", usualRate, "share of the patches that each of these keeps; 1: all", lowestRate, 1});
    fields.push_back({"fuse", true, "those that go leave one token behind, weighted by their attention"});
    return fields;
}

EvitConfig::EvitConfig(const Config& c)
    : VitConfig(c)
    , keepRate(c.real("keep_rate"))
    , fuses(c.flag("fuse"))
    , dropAt(parts::dropBlocks(c, depth))
{
    if (!hasClassToken || poolsMean)
        throw Error(
            "field 'class_token': expected a class token that the head reads: its attention is what counts");
}

int EvitConfig::stageOf(int block) const
{
    const auto found = std::ranges::find(dropAt, block);
    return found == dropAt.end() ? -1 : static_cast<int>(found - dropAt.begin());
}

Index EvitConfig::keptCount(Index standing) const
{
    return static_cast<Index>(std::ceil(keepRate * static_cast<double>(standing)));
}

}
