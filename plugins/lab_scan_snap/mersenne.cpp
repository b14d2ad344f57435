// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/mersenne.h"

#include "core/tensor/error.h"

#include <algorithm>

namespace fovea::plugin::scan_snap {

namespace {

constexpr std::size_t shift = 397;

/// What a word and its successor add to the recurrence.
std::uint32_t mixed(std::uint32_t word, std::uint32_t after)
{
    const std::uint32_t y = (word & 0x80000000U) | (after & 0x7FFFFFFFU);
    return (y >> 1) ^ ((after & 1U) * 0x9908B0DFU);
}

std::uint32_t tempered(std::uint32_t y)
{
    y ^= y >> 11;
    y ^= (y << 7) & 0x9D2C5680U;
    y ^= (y << 15) & 0xEFC60000U;
    return y ^ (y >> 18);
}

/// `others` lie outside of what is written.
void turnStretch(std::uint32_t* __restrict words, const std::uint32_t* others, std::size_t count)
{
    for (std::size_t k = 0; k < count; ++k)
        words[k] = others[k] ^ mixed(words[k], words[k + 1]);
}

}

Mersenne Mersenne::fromWord(std::uint32_t seed)
{
    Mersenne made;
    made.words_[0] = seed;
    for (std::size_t i = 1; i < size; ++i) {
        const std::uint32_t last = made.words_[i - 1];
        made.words_[i] = 1812433253U * (last ^ (last >> 30)) + static_cast<std::uint32_t>(i);
    }
    return made;
}

Mersenne Mersenne::fromNumber(std::uint64_t seed)
{
    const std::array<std::uint32_t, 2> key{
        static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
    const std::size_t length = key[1] != 0 ? 2 : 1;
    Mersenne made = fromWord(19650218U);
    auto& words = made.words_;
    std::size_t i = 1;
    const auto step = [&](std::uint32_t factor) {
        const std::uint32_t last = words[i - 1];
        return words[i] ^ ((last ^ (last >> 30)) * factor);
    };
    const auto goOn = [&] {
        if (++i == size) {
            words[0] = words[size - 1];
            i = 1;
        }
    };
    for (std::size_t k = 0; k < size; ++k, goOn())
        words[i] = step(1664525U) + key[k % length] + static_cast<std::uint32_t>(k % length);
    for (std::size_t k = 1; k < size; ++k, goOn())
        words[i] = step(1566083941U) - static_cast<std::uint32_t>(i);
    words[0] = 0x80000000U;
    return made;
}

Mersenne Mersenne::fromState(const Tensor& state)
{
    Mersenne made;
    const auto values = state.values<std::int32_t>();
    const auto used = values.size() == size + 1 ? static_cast<std::uint32_t>(values[size]) : size + 1;
    if (used > size)
        throw Error("state of a Mersenne twister: expected 624 words and a place in them, found "
            + state.shape().text());
    std::ranges::transform(values.first(size), made.words_.begin(),
        [](std::int32_t word) { return static_cast<std::uint32_t>(word); });
    made.used_ = used;
    return made;
}

Tensor Mersenne::state() const
{
    Tensor made({static_cast<Index>(size) + 1}, DType::I32);
    const auto values = made.writable<std::int32_t>();
    std::ranges::transform(
        words_, values.begin(), [](std::uint32_t word) { return static_cast<std::int32_t>(word); });
    values[size] = static_cast<std::int32_t>(used_);
    return made;
}

/// The next 624 words, in place. No stretch reads what it writes but behind itself, so that they go in
/// vectors.
void Mersenne::turn()
{
    std::uint32_t* const w = words_.data();
    constexpr std::size_t ahead = size - shift; // how many words have their partner still ahead of them
    turnStretch(w, w + shift, ahead);
    turnStretch(w + ahead, w, ahead);
    turnStretch(w + 2 * ahead, w + ahead, size - 1 - 2 * ahead);
    w[size - 1] = w[shift - 1] ^ mixed(w[size - 1], w[0]);
    used_ = 0;
}

std::uint32_t Mersenne::next()
{
    if (used_ == size)
        turn();
    return tempered(words_[used_++]);
}

void Mersenne::fill(std::span<std::uint32_t> words)
{
    while (!words.empty()) {
        if (used_ == size)
            turn();
        const std::size_t count = std::min(words.size(), size - used_);
        std::transform(words_.begin() + static_cast<std::ptrdiff_t>(used_),
            words_.begin() + static_cast<std::ptrdiff_t>(used_ + count), words.begin(), tempered);
        used_ += count;
        words = words.subspan(count);
    }
}

}
