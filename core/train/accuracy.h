// How many samples a model gets right, and how sure that is. It runs no model.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/interval.h"
#include "core/tensor/shape.h"

namespace fovea::train {

struct Accuracy {
    Index right = 0, count = 0;
    double loss = 0; ///< mean over the samples, without smoothing

    double share() const { return count > 0 ? static_cast<double>(right) / static_cast<double>(count) : 0; }

    struct Interval {
        double low = 0, high = 1;
    };
    /// Where the share of all samples of this kind lies with 95 % confidence: analysis::shareWithInterval().
    Interval interval() const
    {
        if (count == 0)
            return {};
        const analysis::Estimate estimate = analysis::shareWithInterval(right, count);
        return {estimate.low, estimate.high};
    }
};

}
