// DynamicViT: Rao et al. 2021, arXiv 2106.02034. A DeiT with small predictors that say which patches to keep;
// each stage keeps a fixed share of them. What training does (masks, Gumbel softmax) is not here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

namespace fovea::plugin::dynamic_vit {

class DynamicVit final : public Architecture {
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
    Config tinyConfig() const override;
};

}
