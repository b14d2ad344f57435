// Floats as text writes them. It formats nothing itself.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <charconv>

namespace fovea::io {

/// The double that a reader gets from the shortest decimal of an f32: 0.485 for 0.485F, whose exact value is
/// 0.48500001430511474609375. It rounds to the same f32 again. NaN and infinity stay what they are.
inline double decimal(float value)
{
    std::array<char, 32> text{};
    const char* end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    double shortest = 0;
    std::from_chars(text.data(), end, shortest);
    return shortest;
}

}
