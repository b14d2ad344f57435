// The fields of a word-level language model, read once.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

namespace fovea::plugin::word_lm {

/// Encoder: PyTorch's word-language-model example, an nn.TransformerEncoder with its norms after the sums.
/// Original: `Model` of decoder_only.py, the parametrisation that the paper speaks of. Yz: `YZFormer` of
/// decoder_wiki_yz.py, where a layer is Y and Z, both of low rank.
enum class Form { Encoder, Original, Yz };

struct WordLmConfig {
    explicit WordLmConfig(const Config& config);

    Form form;
    Index vocab, length;
    int dim, hidden, layers, heads;
    double dropout;
    bool hasPositions, hasResidual, hasNorm, hasMlp;
    std::string between; ///< "relu", "softmax" or "sigmoid"

    int headDim() const { return dim / heads; }
};

Schema schema();
std::vector<Preset> presets();

}
