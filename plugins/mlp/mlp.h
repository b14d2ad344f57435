// The baselines that a transformer has to beat: a linear model and a perceptron with hidden layers, both on
// the pixels as they come.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

namespace fovea::plugin::mlp {

/// x_0 = all values of the picture; x_(i+1) = activation(W_i x_i + b_i); logits = W x_n + b. Without hidden
/// layers: multinomial logistic regression.
class Mlp final : public Architecture {
public:
    Identity identity() const override;
    Schema schema() const override;
    std::vector<Preset> presets() const override;
    Manifest manifest(const Config& config) const override;
    Shape inputShape(const Config& config) const override;
    std::vector<std::string> blocks(const Config& config) const override;
    std::vector<SignalInfo> signalInfos(const Config& config) const override;
    Tensor forward(Run& run, const Config& config, const Tensor& input) const override;
    Config tinyConfig() const override;
};

}
