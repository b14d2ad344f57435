// How many samples a model gets right, and how sure that is. It runs no model.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/shape.h"

#include <cmath>

namespace fovea::train {

struct Accuracy {
    Index right = 0, count = 0;
    double loss = 0; ///< mean over the samples, without smoothing

    double share() const { return count > 0 ? static_cast<double>(right) / static_cast<double>(count) : 0; }

    struct Interval {
        double low = 0, high = 1;
    };
    /// Where the share of all samples of this kind lies with 95 % confidence (Wilson 1927), with z = 1.96:
    /// (p + z^2 / 2n +- z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n).
    Interval interval() const
    {
        if (count == 0)
            return {};
        constexpr double z = 1.959963984540054;
        const double n = static_cast<double>(count), p = share(), spread = 1 + z * z / n;
        const double middle = (p + z * z / (2 * n)) / spread;
        const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / spread;
        return {middle - half, middle + half};
    }
};

}
