// Random numbers as a function of where they are used: there is no stream position to lose. Not for secrets.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace fovea {

/// Philox 4x32-10 (Salmon et al., SC 2011): four 32-bit words from a 128-bit counter and a 64-bit key.
constexpr std::array<std::uint32_t, 4> philox(
    std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key)
{
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t a = std::uint64_t{0xD2511F53U} * counter[0];
        const std::uint64_t b = std::uint64_t{0xCD9E8D57U} * counter[2];
        counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
            static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
        key[0] += 0x9E3779B9U;
        key[1] += 0xBB67AE85U;
    }
    return counter;
}

/// FNV-1a, 64 bit: turns a path into a number.
constexpr std::uint64_t hashOf(std::string_view text)
{
    std::uint64_t h = 0xCBF29CE484222325U;
    for (const char c : text)
        h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    return h;
}

/// A place in a computation that draws numbers: what is drawn there depends on nothing else.
struct RandomPlace {
    std::uint64_t seed = 0;
    std::uint64_t step = 0;
    std::uint64_t path = 0; ///< hashOf the signal's or parameter's name
    std::uint64_t sample = 0;

    /// The word of one element.
    constexpr std::uint32_t word(std::uint64_t element) const
    {
        const std::uint64_t key = seed ^ (path * 0x9E3779B97F4A7C15U);
        const std::uint64_t block = element / 4;
        const auto low = [](std::uint64_t v) { return static_cast<std::uint32_t>(v); };
        const auto high = [](std::uint64_t v) { return static_cast<std::uint32_t>(v >> 32); };
        return philox({low(block), high(block) ^ low(sample), low(step), high(step) ^ high(sample)},
            {low(key), high(key)})[element % 4];
    }
    /// Uniform in [0, 1), 24 bits.
    constexpr float uniform(std::uint64_t element) const
    {
        return static_cast<float>(word(element) >> 8) * 0x1p-24F;
    }
    /// Standard normal (Box and Muller on the words 2e and 2e+1).
    FOVEA_API double normal(std::uint64_t element) const;
};

}
