// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/official_streams.h"

#include <bit>
#include <cassert>
#include <cmath>

namespace fovea::plugin::scan_snap {

namespace {

constexpr int drawBits = 53;

}

std::uint32_t chooseOne(Mersenne& stream, std::uint32_t count)
{
    assert(count > 0);
    const auto bits = static_cast<int>(std::bit_width(count));
    for (;;)
        if (const std::uint32_t found = stream.next() >> (32 - bits); found < count)
            return found;
}

std::vector<float> linearWeights(Mersenne& stream, std::size_t inputs, std::size_t outputs)
{
    // kaiming_uniform_(a=sqrt(5)), in its own steps
    const double gain = std::sqrt(2.0 / (1 + std::sqrt(5.0) * std::sqrt(5.0)));
    const double bound = std::sqrt(3.0) * (gain / std::sqrt(static_cast<double>(inputs)));
    const auto from = static_cast<float>(-bound), to = static_cast<float>(bound);
    std::vector<float> weights(inputs * outputs);
    for (float& weight : weights) // PyTorch's kernel rounds once
        weight = std::fma(static_cast<float>(stream.next() & 0xFFFFFFU) * 0x1p-24F, to - from, from);
    return weights;
}

Multinomial::Multinomial(std::span<const float> probabilities)
    : guide_(std::size_t{1} << guideBits)
{
    assert(!probabilities.empty());
    float whole = 0;
    std::vector<float> sums;
    for (const float p : probabilities)
        sums.push_back(whole += p);
    for (const float sum : sums) // u is in [0, 1): cum < u is floor(cum 2^53) < 2^53 u
        ends_.push_back(static_cast<std::uint64_t>(std::ldexp(static_cast<double>(sum / whole), drawBits)));
    ends_.back() = std::uint64_t{1} << drawBits;
    std::uint32_t first = 0;
    for (std::size_t high = 0; high < guide_.size(); ++high) {
        while (ends_[first] < std::uint64_t{high} << (drawBits - guideBits))
            ++first;
        guide_[high] = first;
    }
}

std::uint32_t Multinomial::indexOf(std::uint32_t high, std::uint32_t low) const
{
    const std::uint64_t draw = (std::uint64_t{high} << 32 | low) & ((std::uint64_t{1} << drawBits) - 1);
    std::uint32_t index = guide_[draw >> (drawBits - guideBits)];
    while (ends_[index] < draw)
        ++index;
    return index;
}

void Multinomial::count(std::span<const std::uint32_t> words, std::span<double> counts) const
{
    assert(counts.size() == size());
    for (std::size_t i = 0; i + 1 < words.size(); i += 2)
        counts[indexOf(words[i], words[i + 1])] += 1;
}

}
