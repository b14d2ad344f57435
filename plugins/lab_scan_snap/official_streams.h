// What the official simulator draws, number for number: Python's choice of a class, PyTorch's initial weights
// and contextual tokens. It knows neither tokens nor classes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/lab_scan_snap/mersenne.h"

#include <span>
#include <vector>

namespace fovea::plugin::scan_snap {

/// random.choice(range(count)): the top bits of a word, as many as `count` has, again while they are too
/// many.
std::uint32_t chooseOne(Mersenne& stream, std::uint32_t count);

/// The weights of nn.Linear(inputs, outputs) as they begin, [outputs, inputs]: uniform in +-1 / sqrt(inputs),
/// 24 bits of a word each, computed in float32.
std::vector<float> linearWeights(Mersenne& stream, std::size_t inputs, std::size_t outputs);

/// torch.multinomial(probabilities, n, replacement=True) on a CPU: a running sum in float32, divided by the
/// whole, and 53 bits of two words for each draw.
class Multinomial {
public:
    explicit Multinomial(std::span<const float> probabilities);
    std::size_t size() const { return ends_.size(); }

    /// Adds to counts[i] how often i comes up in words.size() / 2 draws.
    void count(std::span<const std::uint32_t> words, std::span<double> counts) const;

private:
    static constexpr int guideBits = 11;

    std::uint32_t indexOf(std::uint32_t high, std::uint32_t low) const;

    std::vector<std::uint64_t> ends_; // draws up to this one, of 53 bits, are i
    std::vector<std::uint32_t> guide_; // the first i that draws with these high bits can be
};

}
