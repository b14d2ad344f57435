// What can be configured of a ViT (Dosovitskiy et al. 2020) or DeiT (Touvron et al. 2020), and the numbers
// that follow from it; all that stands on a ViT shares it. Nothing is computed of an input here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/activation.h"
#include "core/parts/position.h"
#include "core/source/source.h"

namespace fovea::parts::vit {

FOVEA_API Schema schema();
/// By their official names, and `micro` and `micro_shapes`, which are trained here.
FOVEA_API std::vector<Preset> presets();

/// A Config in plain fields, checked. Throws Error when its fields contradict one another.
struct FOVEA_API VitConfig {
    explicit VitConfig(const Config& config);

    int imageSize, patchSize, channels, dim, depth, heads, headDim, hidden, classes, registers;
    nn::Activation activation;
    double normEps, dropout, dropPath;
    bool isGlorot; ///< how fresh parameters are drawn
    bool isPreNorm, hasClassToken, isDistilled, hasQkvBias, hasProjection, hasPatchNorm;
    bool poolsMean; ///< else the class token (and the distillation token) is read
    bool normsTokens, normsPooled; ///< the final norm: on all tokens, or on their mean, or none

    /// Probability that a training run skips what block i adds (stochastic depth): from 0 up to dropPath.
    double dropPathOf(int block) const { return depth > 1 ? dropPath * block / (depth - 1) : 0; }
    parts::GridSize grid() const { return {imageSize / patchSize, imageSize / patchSize}; }
    /// Special tokens come first: cls, dist, registers.
    std::vector<std::string> specials() const;
    Index tokens() const { return static_cast<Index>(specials().size()) + grid().count(); }
};

}
