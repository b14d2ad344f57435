// What can be configured of a SpectFormer, and the numbers that follow from it. Nothing is computed of an
// input here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/parts/position.h"
#include "core/source/source.h"

namespace fovea::plugin::spectformer {

Schema schema();
std::vector<Preset> presets();

/// One stage: blocks of one kind on one grid. The vanilla form has two, of one grid and width.
struct Stage {
    int dim = 0, depth = 0, heads = 0, hidden = 0;
    parts::GridSize grid = {};
    bool isSpectral = false;
    int first = 0; ///< its first block, counted through the whole model
};

/// A Config in plain fields, checked. Throws Error when its fields contradict one another.
struct SpectformerConfig {
    explicit SpectformerConfig(const Config& config);

    bool isHierarchical, isGlorot, hasTokenLabels;
    int imageSize, patchSize, channels, classes, stemDim;
    double normEps, dropout, dropPath;
    std::vector<Stage> stages; ///< hierarchical: four; vanilla: alpha spectral blocks, then the others

    int depth() const { return stages.back().first + stages.back().depth; }
    /// Probability that a training run skips what block i adds (stochastic depth): from 0 up to dropPath.
    double dropPathOf(int block) const { return depth() > 1 ? dropPath * block / (depth() - 1) : 0; }
    LayoutPtr layout(const Stage& stage, std::vector<std::string> specials = {}) const;
};

/// "block2.0" of the hierarchical form, "blocks.4" of the vanilla one.
std::string blockPath(const SpectformerConfig& c, std::size_t stage, int index);
/// The module of a spectral block that filters: "filter", hierarchical "attn".
inline const char* filterName(const SpectformerConfig& c) { return c.isHierarchical ? "attn" : "filter"; }

}
