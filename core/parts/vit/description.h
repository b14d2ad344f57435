// What a ViT says of itself before it runs: parameters, blocks, signals. An architecture that stands on a ViT
// adds its own to these.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/parts/vit/config.h"

namespace fovea::parts::vit {

/// Under the names of timm and of DeiT's code.
FOVEA_API Manifest manifest(const VitConfig& c);
/// "blocks.3"
FOVEA_API std::string blockPath(int index);
FOVEA_API Shape inputShape(const VitConfig& c);

/// What embed(), block() and head() of core/parts/vit/forward.h show.
FOVEA_API void addStemSignals(std::vector<SignalInfo>& list);
/// `between`: what is shown between attentionHalf() and mlpHalf().
FOVEA_API void addBlockSignals(std::vector<SignalInfo>& list, const VitConfig& c, int index,
    const std::vector<SignalInfo>& between = {});
FOVEA_API void addHeadSignals(std::vector<SignalInfo>& list, const VitConfig& c);

/// Architecture::resized() of the positions.
FOVEA_API NamedTensors resized(const Config& from, const Config& to, NamedTensors parameters);
/// Sets of `config` what makes a model small enough for tests: two blocks of 24 channels on 4 x 4 patches.
FOVEA_API void makeTiny(Config& config);

}
