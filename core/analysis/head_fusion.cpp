// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/head_fusion.h"

#include "core/tensor/error.h"

#include <algorithm>
#include <cmath>

namespace fovea::analysis {

std::string fusionName(Fusion fusion)
{
    constexpr const char* names[] = {"mean", "min", "max"};
    return names[static_cast<int>(fusion)];
}

Fusion fusionOf(const std::string& name)
{
    for (const Fusion fusion : {Fusion::Mean, Fusion::Min, Fusion::Max})
        if (name == fusionName(fusion))
            return fusion;
    throw Error("head fusion: expected mean, min or max, found '" + name + "'");
}

void fuse(Fusion fusion, std::span<float> into, std::span<const float> head)
{
    for (std::size_t i = 0; i < into.size(); ++i)
        if (fusion == Fusion::Mean)
            into[i] += head[i];
        else if (std::isnan(head[i]) || (fusion == Fusion::Min ? head[i] < into[i] : head[i] > into[i]))
            into[i] = head[i];
}

Tensor fuseHeads(const Record& attention, int group, Fusion fusion)
{
    const auto heads = static_cast<int>(shapeOf(attention)[1]);
    Tensor fused = attentionMap(attention, {group, 0}).clone();
    const auto out = fused.writable();
    for (int head = 1; head < heads; ++head) {
        const Tensor map = attentionMap(attention, {group, head});
        fuse(fusion, out, map.values<float>());
    }
    if (fusion == Fusion::Mean)
        for (float& v : out)
            v /= static_cast<float>(heads);
    return fused;
}

}
