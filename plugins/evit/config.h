// What can be configured of an EViT: all of a ViT, and how many patches stay where. Nothing is computed of an
// input here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/parts/vit/config.h"

namespace fovea::plugin::evit {

Schema schema();

/// A Config in plain fields, checked. Throws Error when its fields contradict one another.
struct EvitConfig : parts::vit::VitConfig {
    explicit EvitConfig(const Config& config);

    double keepRate; ///< share of the patches there are that each stage keeps
    bool fuses; ///< the others go on as one token
    std::vector<int> dropAt; ///< the block of each stage

    /// The stage in a block, or -1.
    int stageOf(int block) const;
    /// Patches that stay of `standing` ones.
    Index keptCount(Index standing) const;
    Index specialCount() const { return tokens() - grid().count(); }
};

}
