// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/rank_correlation.h"

#include "core/run/random.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

namespace fovea::analysis {

std::vector<double> ranks(std::span<const double> values)
{
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
    std::vector<double> rank(values.size());
    for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
        while (end < order.size() && values[order[end]] == values[order[begin]])
            ++end;
        for (std::size_t i = begin; i < end; ++i)
            rank[order[i]] = (static_cast<double>(begin) + 1 + static_cast<double>(end)) / 2;
    }
    return rank;
}

double spearman(std::span<const double> a, std::span<const double> b)
{
    assert(a.size() == b.size());
    const auto isNan = [](double v) { return std::isnan(v); };
    if (std::ranges::any_of(a, isNan) || std::ranges::any_of(b, isNan))
        return std::numeric_limits<double>::quiet_NaN();
    const std::vector<double> x = ranks(a), y = ranks(b);
    const double mean = (static_cast<double>(x.size()) + 1) / 2;
    double xx = 0, xy = 0, yy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - mean) * (x[i] - mean);
        xy += (x[i] - mean) * (y[i] - mean);
        yy += (y[i] - mean) * (y[i] - mean);
    }
    return xx == 0 || yy == 0 ? std::numeric_limits<double>::quiet_NaN() : xy / std::sqrt(xx * yy);
}

std::pair<double, double> spearmanInterval(double rho, std::size_t n)
{
    if (n < 4)
        return {NAN, NAN};
    const double error = std::sqrt((1 + rho * rho / 2) / static_cast<double>(n - 3));
    const double half = 1.959963984540054 * error, z = std::atanh(rho);
    return {std::tanh(z - half), std::tanh(z + half)};
}

std::vector<int> largestFirst(std::span<const double> values)
{
    const RandomPlace ties{0, 0, hashOf("order of equal values"), 0};
    std::vector<int> order(values.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, {}, [&](int i) { return ties.word(static_cast<std::uint64_t>(i)); });
    const auto key = [&](int i) {
        const double v = values[static_cast<std::size_t>(i)];
        return std::isnan(v) ? std::numeric_limits<double>::infinity() : -v;
    };
    std::ranges::stable_sort(order, {}, key);
    return order;
}

}
