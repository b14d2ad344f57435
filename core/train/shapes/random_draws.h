// Random numbers one after the other, all of one place: the n-th draw is its element n. No expression may
// draw twice where C++ leaves the order open (arguments, operands): compilers differ.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/random.h"

namespace fovea::train::shapes {

class Draws {
public:
    explicit Draws(const RandomPlace& place)
        : place_(place)
    {
    }
    /// In [0, 1), 24 bits.
    double uniform() { return static_cast<double>(place_.word(next_++) >> 8) * 0x1p-24; }
    double between(double low, double high) { return low + (high - low) * uniform(); }
    /// 0 to count - 1; count is small, so that the unevenness of 2^32 / count does not matter.
    int below(int count)
    {
        return static_cast<int>(place_.word(next_++) % static_cast<std::uint32_t>(count));
    }

private:
    RandomPlace place_;
    std::uint64_t next_ = 0;
};

}
