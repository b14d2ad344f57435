// A text as the words that stand in it, numbered. It cuts no samples.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/shape.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fovea::train::data {

struct WordText {
    std::vector<std::string> words; ///< by id
    std::vector<std::int32_t> ids; ///< the text
};

/// No vocabulary is larger: a model of one has as many numbers for each token of a batch.
inline constexpr Index mostWords = 300'000;

/// As PyTorch's word-language-model example reads a text: words are what stands between blanks, every line
/// ends with `<eos>`, and a word's number says when it came first. With `most` above 0 only the so many most
/// frequent (of equally frequent ones those that came first) keep a number, the rest is `<unk>`, number 0.
/// Throws Error for what is no UTF-8 (line and byte) and for more than mostWords words.
FOVEA_API WordText wordsIn(std::string_view text, Index most = 0);

}
