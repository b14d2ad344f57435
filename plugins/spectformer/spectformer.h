// SpectFormer: Patro, Namboodiri and Agneeswaran 2023. Frequency filters in the early blocks, attention in
// the late ones.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

namespace fovea::plugin::spectformer {

class Spectformer : public Architecture {
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
