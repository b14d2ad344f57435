// What can be configured of a GFNet, and the numbers that follow from it. Nothing is computed of an input
// here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/parts/position.h"
#include "core/source/source.h"

namespace fovea::plugin::gfnet {

Schema schema();
std::vector<Preset> presets();

/// Blocks of one width on one grid.
struct Stage {
    int dim, depth, hidden, first; ///< `first`: blocks before it
    parts::GridSize grid;
    int tokenSide; ///< px
};

/// A Config in plain fields, checked. Throws Error when its fields contradict one another.
struct GfnetConfig {
    explicit GfnetConfig(const Config& config);

    int imageSize, patchSize, channels, classes;
    double normEps, dropout, dropPath, headDropout, layerScale;
    bool isUniform; ///< every block is skipped equally often
    bool isGlorot; ///< how fresh parameters are drawn
    std::vector<Stage> stages;

    /// The official code is two models, whose parameters have other names.
    bool isHierarchical() const { return stages.size() > 1; }
    /// "blocks.3", or "blocks.1.0" in a hierarchical one.
    std::string blockPath(std::size_t stage, int block) const;
    /// "patch_embed", or "patch_embed.1" in a hierarchical one: what makes the tokens of a stage.
    std::string embedPath(std::size_t stage) const;
    /// Probability that a training run skips what a block of that number adds (stochastic depth).
    double dropPathOf(int block) const;
    LayoutPtr layout(std::size_t stage) const;
};

}
