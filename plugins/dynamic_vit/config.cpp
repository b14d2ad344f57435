// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/dynamic_vit/config.h"

#include "core/parts/token_reduction.h"

#include <algorithm>
#include <cmath>

namespace fovea::plugin::dynamic_vit {

Schema schema()
{
    constexpr double usualShare = 0.7, lowestShare = 0.01;
    Schema fields = parts::vit::schema();
    fields.push_back(parts::dropAtField("blocks, from 0, before which patches go"));
    fields.push_back({"keep", usualShare,
        "rho: the first of these keeps that share of all patches, the second rho^2, and so on", lowestShare,
        1});
    return fields;
}

DynamicVitConfig::DynamicVitConfig(const Config& c)
    : VitConfig(c)
    , keep(c.real("keep"))
    , dropAt(parts::dropBlocks(c, depth))
{
    constexpr int quarter = 4; // the last hidden layer of a predictor has dim / 4 units
    if (dim % quarter != 0)
        throw Error(
            "field 'dim': expected a multiple of 4, for the predictors, found " + std::to_string(dim));
    if (keptCount(stages() - 1) < 1)
        throw Error("field 'keep': expected a share of which the last stage still keeps a patch, found "
            + textOf(FieldValue(keep)));
}

int DynamicVitConfig::stageOf(int block) const
{
    const auto found = std::ranges::find(dropAt, block);
    return found == dropAt.end() ? -1 : static_cast<int>(found - dropAt.begin());
}

Index DynamicVitConfig::keptCount(int stage) const
{
    return static_cast<Index>(static_cast<double>(grid().count()) * std::pow(keep, stage + 1));
}

}
