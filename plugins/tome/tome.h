// Token merging: Bolya et al. 2023, arXiv 2210.09461. A ViT that averages, in every block, the r tokens that
// are most like another one into it; it needs no training.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

namespace fovea::plugin::tome {

class Tome final : public Architecture {
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
