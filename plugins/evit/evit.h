// EViT: Liang et al. 2022, arXiv 2202.07800. A DeiT that keeps, at a few of its blocks, the patches that the
// class token looks at, and fuses the others into one token.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

namespace fovea::plugin::evit {

class Evit final : public Architecture {
public:
    Identity identity() const override;
    Schema schema() const override;
    std::vector<Preset> presets() const override;
    Manifest manifest(const Config& config) const override;
    Shape inputShape(const Config& config) const override;
    std::vector<std::string> blocks(const Config& config) const override;
    std::vector<SignalInfo> signalInfos(const Config& config) const override;
    Tensor forward(Run& run, const Config& config, const Tensor& input) const override;
    NamedTensors resized(const Config& from, const Config& to, NamedTensors parameters) const override;
    Config tinyConfig() const override;
};

}
