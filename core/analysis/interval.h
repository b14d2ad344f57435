// A mean over pictures, and how far it can be trusted.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export.h"

#include <cstdint>
#include <limits>
#include <span>

namespace fovea::analysis {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN(); ///< what there is no number for

struct Estimate {
    int count = 0; ///< of the values that are numbers
    double mean = 0; ///< NaN without any
    double low = 0, high = 0; ///< 95 % interval of the mean; NaN with fewer than two values
};

/// Percentile bootstrap (Efron 1979): 2,000 samples with replacement, drawn with a fixed seed, so that equal
/// values have equal intervals; the quantiles .025 and .975 of their means. NaN values are left out and not
/// counted. Of two methods on the same pictures it is the differences that belong here.
FOVEA_API Estimate meanWithInterval(std::span<const double> values);

/// A share of `count` pictures with the interval of Wilson 1927, z = 1.96, which holds at 0 and 1 too:
/// (p + z^2 / 2n +- z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n). NaN without any.
FOVEA_API Estimate shareWithInterval(std::int64_t right, std::int64_t count);

/// The middle value, or the mean of the two; NaN values are left out, NaN without any.
FOVEA_API double median(std::span<const double> values);

}
