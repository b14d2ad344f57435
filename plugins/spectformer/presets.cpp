// The official sizes, and small ones to be trained here.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/spectformer/spectformer_config.h"

namespace fovea::plugin::spectformer {

namespace {

using Values = std::vector<std::pair<std::string, FieldValue>>;

FieldValue number(std::int64_t value) { return value; }

Values vanilla(int dim, int depth, int heads)
{
    return {{"dim", number(dim)}, {"depth", number(depth)}, {"heads", number(heads)}};
}

Values hierarchical(int stem, const std::string& dims, const std::string& depths)
{
    return {{"form", std::string("hierarchical")}, {"stem_dim", number(stem)}, {"dims", dims},
        {"depths", depths}};
}

/// As wide and deep as ViT's presets of these names; a third of the blocks filter, as in SpectFormer-XS.
Values micro(int side, int channels, int patch, int classes, Values values)
{
    const std::pair<const char*, int> more[] = {{"alpha", 2}, {"image_size", side}, {"in_chans", channels},
        {"patch_size", patch}, {"classes", classes}};
    for (const auto& [name, value] : more)
        values.push_back({name, number(value)});
    values.push_back({"init", std::string("glorot")});
    return values;
}

/// No cropping; [0, 1] becomes [-1, 1].
Preprocess plain(int side) { return {side, side, {0.5F, 0.5F, 0.5F}, {0.5F, 0.5F, 0.5F}}; }

}

std::vector<Preset> presets()
{
    return {
        {"ti", vanilla(256, 12, 4)},
        {"xs", vanilla(384, 12, 6)},
        {"s", vanilla(384, 19, 6)},
        {"b", vanilla(512, 19, 8)},
        {"h-s", hierarchical(32, "64,128,320,448", "3,4,6,3")},
        {"h-b", hierarchical(64, "64,128,320,512", "3,4,12,3")},
        {"h-l", hierarchical(64, "96,192,384,512", "3,6,18,3")},
        {"micro", micro(28, 1, 4, 10, vanilla(96, 6, 3)), plain(28)},
        {"micro_shapes", micro(64, 3, 8, 8, vanilla(128, 6, 4)), plain(64)},
    };
}

}
