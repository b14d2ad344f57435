// Word-level language models of a few layers: those whose attention Scan and Snap watches (Tian et al. 2023).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

namespace fovea::plugin::word_lm {

/// Token ids [B, N] become the logits of each token's successor, [B, N, vocab]. A token sees itself and those
/// before it. Three forms, see word_lm_config.h.
class WordLm final : public Architecture {
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
