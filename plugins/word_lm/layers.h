// The three forms of a word-level language model, each said in the same way. Which one is meant is
// word_lm.h's to choose.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/word_lm/word_lm_config.h"

#include <cmath>

namespace fovea::plugin::word_lm {

/// Links of a chain, their parameters and signals.
struct FormOfModel {
    Manifest (*manifest)(const WordLmConfig& config);
    std::vector<std::string> (*blocks)(const WordLmConfig& config);
    std::vector<SignalInfo> (*signalInfos)(const WordLmConfig& config);
    /// Ids [B, N] -> logits [B, N, vocab].
    Tensor (*forward)(Run& run, const WordLmConfig& config, const Tensor& input);
};

/// Their links are called `embed`, `transformer_encoder.layers.<i>`, `head`; ...
FormOfModel encoder();
/// ... `embed`, `blocks.<i>`, `head`; ...
FormOfModel original();
/// ... `layers.<i>`.
FormOfModel yz();

/// As PyTorch's nn.Linear begins: uniform within 1 / sqrt(in).
inline Initialiser usualBegin(Index in)
{
    return {Initialiser::Rule::Uniform, 1 / std::sqrt(static_cast<double>(in))};
}
/// As its nn.Linear is: weight [out, in], and a bias [out] that begins likewise.
inline void addLinear(Manifest& manifest, const std::string& name, Index out, Index in, bool hasBias = true)
{
    manifest.push_back({name + ".weight", {out, in}, usualBegin(in)});
    if (hasBias)
        manifest.push_back({name + ".bias", {out}, usualBegin(in)});
}
inline void addNorm(Manifest& manifest, const std::string& name, Index dim)
{
    manifest.push_back({name + ".weight", {dim}, {Initialiser::Rule::Constant, 1}});
    manifest.push_back({name + ".bias", {dim}, {}});
}

constexpr double normEps = 1e-5; // nn.LayerNorm's own

}
