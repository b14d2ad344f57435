// The sum of numbers in a fixed tree: half and half, so that neither threads nor length change how it rounds.
// It knows nothing of tensors.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>

namespace fovea::train {

inline double pairwiseSum(std::span<const double> values)
{
    constexpr std::size_t few = 8;
    if (values.size() > few) {
        const std::size_t half = values.size() / 2;
        return pairwiseSum(values.first(half)) + pairwiseSum(values.subspan(half));
    }
    double sum = 0;
    for (const double value : values)
        sum += value;
    return sum;
}

}
