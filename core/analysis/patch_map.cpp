// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/patch_map.h"

#include "core/tensor/error.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace fovea::analysis {

std::vector<int> patchTokens(const TokenLayout& layout)
{
    std::vector<int> tokens;
    for (int token = 0; token < layout.tokens(); ++token)
        if (!layout.isSpecial(token))
            tokens.push_back(token);
    return tokens;
}

Record patchMap(const SignalInfo& info, const std::vector<double>& values, const LayoutPtr& layout)
{
    const std::vector<int> patches = patchTokens(*layout);
    const bool hasSpecials = values.size() != patches.size();
    assert(!hasSpecials || static_cast<int>(values.size()) == layout->tokens());
    Record map;
    map.info = info;
    map.info.kind = Kind::Tokens;
    map.value = Tensor({static_cast<Index>(patches.size()), 1});
    const auto out = map.value.writable();
    for (std::size_t i = 0; i < patches.size(); ++i)
        out[i] = static_cast<float>(values[hasSpecials ? static_cast<std::size_t>(patches[i]) : i]);
    map.axes = defaultAxes(map.info, map.value.shape());
    map.axes[1].labels = {info.role};
    map.queries = layout->selected(patches);
    map.finite = allFinite(map.value);
    return map;
}

std::vector<double> patchValues(const Record& map)
{
    assert(map.kind() == Kind::Tokens && map.value.dim(1) == 1);
    return map.value.toDoubles();
}

namespace {

/// The length that [a, a + 1) and [begin, end) have in common.
double common(double a, double begin, double end)
{
    return std::max(0.0, std::min(a + 1, end) - std::max(a, begin));
}

/// The share of an area (in units of the mask's pixels) that is inside.
double covered(const Tensor& mask, const Area& area)
{
    const auto values = mask.values<std::uint8_t>();
    const Index width = mask.dim(1);
    const double right = area.x + area.width, bottom = area.y + area.height;
    double inside = 0;
    for (auto y = static_cast<Index>(area.y); y < mask.dim(0) && static_cast<double>(y) < bottom; ++y)
        for (auto x = static_cast<Index>(area.x); x < width && static_cast<double>(x) < right; ++x)
            inside += values[static_cast<std::size_t>(y * width + x)] / 255.0
                * common(static_cast<double>(x), area.x, right)
                * common(static_cast<double>(y), area.y, bottom);
    return inside / (area.width * area.height);
}

}

std::vector<double> patchCoverage(const Tensor& mask, const TokenLayout& layout)
{
    if (mask.rank() != 2 || mask.dtype() != DType::U8 || mask.count() == 0)
        throw Error("mask: expected u8 [y, x], found " + std::string(nameOf(mask.dtype())) + " "
            + mask.shape().text());
    const double scaleX = static_cast<double>(mask.dim(1)) / layout.extent().width;
    const double scaleY = static_cast<double>(mask.dim(0)) / layout.extent().height;
    std::vector<double> shares;
    for (int token = 0; token < layout.tokens(); ++token) {
        double sum = 0;
        for (const int cell : layout.cells(token)) {
            const Area a = layout.cellArea(cell);
            sum += covered(mask,
                {(a.x - layout.extent().x) * scaleX, (a.y - layout.extent().y) * scaleY, a.width * scaleX,
                    a.height * scaleY});
        }
        const auto cells = static_cast<double>(layout.cells(token).size());
        shares.push_back(cells > 0 ? sum / cells : 0);
    }
    return shares;
}

}
