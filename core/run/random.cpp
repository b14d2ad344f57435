// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/random.h"

#include <cmath>
#include <numbers>

namespace fovea {

double RandomPlace::normal(std::uint64_t element) const
{
    const double u = (word(2 * element) + 1.0) * 0x1p-32; // (0, 1]
    const double v = word(2 * element + 1) * 0x1p-32;
    return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
}

}
