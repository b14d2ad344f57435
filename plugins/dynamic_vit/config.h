// What can be configured of a DynamicViT: all of a ViT, and how many patches stay where. Nothing is computed
// of an input here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/parts/vit/config.h"

namespace fovea::plugin::dynamic_vit {

Schema schema();

/// A Config in plain fields, checked. Throws Error when its fields contradict one another.
struct DynamicVitConfig : parts::vit::VitConfig {
    explicit DynamicVitConfig(const Config& config);

    double keep; ///< rho: stage i keeps rho^(i + 1) of all patches
    std::vector<int> dropAt; ///< the block behind each stage

    int stages() const { return static_cast<int>(dropAt.size()); }
    /// The stage before a block, or -1.
    int stageOf(int block) const;
    /// Patches that a stage keeps.
    Index keptCount(int stage) const;
    Index specialCount() const { return tokens() - grid().count(); }
};

}
