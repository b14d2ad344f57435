// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/tome/config.h"

namespace fovea::plugin::tome {

namespace {

constexpr std::int64_t paperR = 13; // of DeiT-S on 196 patches (table 1 of the paper)
constexpr std::int64_t microR = 4;

}

Schema schema()
{
    constexpr double most = 4096;
    Schema fields = parts::vit::schema();
    fields.push_back(
        {"r", paperR, "tokens that each block merges into others; half of them at most", 0, most});
    fields.push_back({"prop_attn", true,
        "proportional attention: log of a token's size is added to the scores of its key; for models that "
        "were "
        "trained without merging"});
    return fields;
}

std::vector<Preset> presets()
{
    std::vector<Preset> all = parts::vit::presets();
    for (Preset& preset : all)
        if (preset.name.starts_with("micro"))
            preset.values.emplace_back("r", microR);
    return all;
}

TomeConfig::TomeConfig(const Config& c)
    : VitConfig(c)
    , r(c.count("r"))
    , isProportional(c.flag("prop_attn"))
{
}

}
