// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/snap.h"

namespace fovea {

std::optional<Index> snapStep(std::span<const double> logGrowth, double share)
{
    double steepest = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i + 1 < logGrowth.size(); ++i)
        if (const double rate = logGrowth[i + 1] - logGrowth[i]; rate > steepest) {
            steepest = rate;
            at = i;
        }
    if (steepest > 0)
        for (std::size_t i = at + 1; i + 1 < logGrowth.size(); ++i)
            if (logGrowth[i + 1] - logGrowth[i] < share * steepest)
                return static_cast<Index>(i);
    return {};
}

}
