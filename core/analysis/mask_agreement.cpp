// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/mask_agreement.h"

#include "core/analysis/interval.h"
#include "core/analysis/rank_correlation.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace fovea::analysis {

MaskAgreement agreementWithMask(std::span<const double> map, std::span<const double> coverage)
{
    assert(map.size() == coverage.size());
    const double whole = std::accumulate(coverage.begin(), coverage.end(), 0.0);
    const auto order = largestFirst(map);
    const auto at = [](int patch) { return static_cast<std::size_t>(patch); };
    if (whole == 0 || order.empty() || std::isnan(map[at(order.front())]))
        return {nan, nan};

    double hits = 0, highest = 0;
    for (std::size_t patch = 0; patch < map.size(); ++patch)
        if (map[patch] == map[at(order.front())]) {
            hits += coverage[patch];
            ++highest;
        }
    const auto chosen
        = std::clamp<std::size_t>(static_cast<std::size_t>(std::lround(whole)), 1, order.size());
    double inside = 0;
    for (std::size_t i = 0; i < chosen; ++i)
        inside += coverage[at(order[i])];
    return {hits / highest, inside / (static_cast<double>(chosen) + whole - inside)};
}

Tensor unionOfMasks(const std::vector<Tensor>& masks)
{
    Tensor all;
    for (const Tensor& mask : masks) {
        if (!all.defined())
            all = Tensor::zeros(mask.shape(), DType::U8);
        std::ranges::transform(all.values<std::uint8_t>(), mask.values<std::uint8_t>(),
            all.writable<std::uint8_t>().begin(), [](auto a, auto b) { return std::max(a, b); });
    }
    return all;
}

}
