// IA-RED²: Pan et al. 2021, arXiv 2106.12620. A ViT whose blocks are cut into groups; before each an
// interpreter judges the patches, and those that it finds redundant leave the sequence.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

namespace fovea::plugin::ia_red2 {

class IaRed2 final : public Architecture {
public:
    Identity identity() const override;
    Schema schema() const override;
    std::vector<Preset> presets() const override;
    Manifest manifest(const Config& config) const override;
    Shape inputShape(const Config& config) const override;
    std::vector<std::string> blocks(const Config& config) const override;
    std::vector<SignalInfo> signalInfos(const Config& config) const override;
    Tensor forward(Run& run, const Config& config, const Tensor& input) const override;
    std::optional<Recognised> recognise(const std::vector<TensorOutline>& tensors,
        const std::shared_ptr<const parts::NameMap>& map) const override;
    NamedTensors resized(const Config& from, const Config& to, NamedTensors parameters) const override;
    std::vector<LearningPhase> learningPhases(const Config& config) const override;
    Config tinyConfig() const override;
};

}
