// The Mersenne twister MT19937 (Matsumoto and Nishimura, 1998), as Python and PyTorch seed and read it. What
// is drawn with it is official_streams.h's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <array>
#include <cstdint>
#include <span>

namespace fovea::plugin::scan_snap {

/// A position in a stream of 32-bit words.
class Mersenne {
public:
    static constexpr std::size_t size = 624;

    /// init_genrand: PyTorch's CPU generator.
    static Mersenne fromWord(std::uint32_t seed);
    /// init_by_array: Python's random.seed(n), n >= 0, whose key is n in words of 32 bits, the lowest first.
    static Mersenne fromNumber(std::uint64_t seed);
    /// As state() left it. Throws Error when the tensor cannot be one.
    static Mersenne fromState(const Tensor& state);

    std::uint32_t next();
    /// The next words, in order.
    void fill(std::span<std::uint32_t> words);
    /// i32 [625]: the words, and how many of them were handed out.
    Tensor state() const;

private:
    void turn();

    std::array<std::uint32_t, size> words_{};
    std::size_t used_ = size;
};

}
