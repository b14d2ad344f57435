// What can be configured of token merging: all of a ViT, and how many tokens are merged. Nothing is computed
// of an input here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/parts/vit/config.h"

namespace fovea::plugin::tome {

Schema schema();
std::vector<Preset> presets();

/// A Config in plain fields, checked. Throws Error when its fields contradict one another.
struct TomeConfig : parts::vit::VitConfig {
    explicit TomeConfig(const Config& config);

    int r; ///< tokens that each block merges into others, as far as half of them go
    bool isProportional; ///< a token that stands for s patches is looked at as s are

    Index specialCount() const { return tokens() - grid().count(); }
};

}
