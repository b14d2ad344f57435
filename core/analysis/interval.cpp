// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/interval.h"

#include "core/run/random.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace fovea::analysis {

namespace {

std::vector<double> numbersOf(std::span<const double> values)
{
    std::vector<double> numbers(values.begin(), values.end());
    std::erase_if(numbers, [](double v) { return std::isnan(v); });
    return numbers;
}

double meanOf(const std::vector<double>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Linear between the two nearest of ascending values.
double quantile(const std::vector<double>& ascending, double share)
{
    const double at = share * static_cast<double>(ascending.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, ascending.size() - 1);
    return std::lerp(ascending[below], ascending[above], at - std::floor(at));
}

}

Estimate meanWithInterval(std::span<const double> values)
{
    constexpr std::size_t samples = 2000;
    const std::vector<double> numbers = numbersOf(values);
    const std::size_t n = numbers.size();
    Estimate estimate{static_cast<int>(n), n == 0 ? nan : meanOf(numbers), nan, nan};
    if (n < 2)
        return estimate;
    std::vector<double> means(samples, 0.0);
    for (std::size_t sample = 0; sample < samples; ++sample) {
        const RandomPlace draws{0, 0, hashOf("bootstrap"), sample};
        for (std::size_t i = 0; i < n; ++i)
            means[sample] += numbers[std::min(
                static_cast<std::size_t>(draws.uniform(i) * static_cast<float>(n)), n - 1)];
        means[sample] /= static_cast<double>(n);
    }
    std::ranges::sort(means);
    estimate.low = quantile(means, 0.025);
    estimate.high = quantile(means, 0.975);
    return estimate;
}

Estimate shareWithInterval(std::int64_t right, std::int64_t count)
{
    if (count == 0)
        return {0, nan, nan, nan};
    constexpr double z = 1.959963984540054;
    const double n = static_cast<double>(count), p = static_cast<double>(right) / n, spread = 1 + z * z / n;
    const double middle = (p + z * z / (2 * n)) / spread;
    const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / spread;
    return {static_cast<int>(count), p, middle - half, middle + half};
}

double median(std::span<const double> values)
{
    std::vector<double> numbers = numbersOf(values);
    if (numbers.empty())
        return nan;
    std::ranges::sort(numbers);
    return quantile(numbers, 0.5);
}

}
