// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/mixing.h"

#include "core/analysis/attention_stats.h"
#include "core/analysis/derived_record.h"
#include "core/analysis/filter_response.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <cmath>

namespace fovea::analysis {

namespace {

/// sqrt of the mean of d^2 over the torus.
double uniformRadius(FilterPlane plane)
{
    const auto meanSquare = [](Index n) {
        double sum = 0;
        for (Index i = 0; i < n; ++i) {
            const auto d = static_cast<double>(std::min(i, n - i));
            sum += d * d;
        }
        return sum / static_cast<double>(n);
    };
    return std::sqrt(meanSquare(plane.rows) + meanSquare(plane.cols));
}

struct Mixed {
    double distance = NAN, uniform = NAN;
};

std::vector<Mixed> mixedBy(const Record& record)
{
    std::vector<Mixed> all;
    if (record.kind() == Kind::Filter) {
        const double uniform = uniformRadius(planeOf(record));
        const Record radius = kernelRadius(record);
        for (const float reach : radius.value.values<float>())
            all.push_back({static_cast<double>(reach), uniform});
    } else if (record.kind() == Kind::Attention) {
        for (const HeadStats& head : headStats(record))
            all.push_back({head.distance, head.uniformDistance});
    } else {
        throw Error("signal '" + record.path() + "': expected a filter or an attention pattern");
    }
    return all;
}

}

Record mixingDistance(const Record& filterOrAttention)
{
    const std::vector<Mixed> all = mixedBy(filterOrAttention);
    Record record = derivedRecord(filterOrAttention, "mixing", Kind::Points, "how far tokens are mixed");
    record.info.fields = {"distance", "uniform", "relative"};
    record.value = Tensor({static_cast<Index>(all.size()), 3});
    auto out = record.value.writable().begin();
    for (const Mixed& one : all)
        for (const double field : {one.distance, one.uniform, one.distance / one.uniform})
            *out++ = static_cast<float>(field);
    record.axes = defaultAxes(record.info, record.value.shape());
    record.axes.front().name = filterOrAttention.kind() == Kind::Filter ? "channel" : "head";
    return record;
}

}
