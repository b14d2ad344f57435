// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/snap.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace fovea {

std::optional<Index> snapStep(std::span<const double> logGrowth, double share)
{
    std::vector<double> steps(logGrowth.size());
    std::iota(steps.begin(), steps.end(), 0.0);
    return snapStep(steps, logGrowth, share);
}

std::optional<Index> snapStep(std::span<const double> steps, std::span<const double> logGrowth, double share)
{
    const std::size_t count = std::min(steps.size(), logGrowth.size());
    const auto rateAt
        = [&](std::size_t i) { return (logGrowth[i + 1] - logGrowth[i]) / (steps[i + 1] - steps[i]); };
    double steepest = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i + 1 < count; ++i)
        if (const double rate = rateAt(i); rate > steepest) {
            steepest = rate;
            at = i;
        }
    if (steepest > 0)
        for (std::size_t i = at + 1; i + 1 < count; ++i)
            if (rateAt(i) < share * steepest)
                return static_cast<Index>(steps[i]);
    return {};
}

}
