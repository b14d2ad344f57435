// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/brush_stroke.h"

#include "core/trace/patterns.h"

#include <QString>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fovea {

namespace {

double rounded(double value) { return std::round(value * 1e4) / 1e4; }

double angleOf(PlanePoint p) { return std::atan2(p.y, p.x) * 180 / std::numbers::pi; }

/// The verb's own argument and where its region begins; npos: it has no region.
struct Argument {
    std::string own;
    std::string region;
};

std::optional<Argument> argumentOf(const Edit& edit)
{
    const bool takesOwn = edit.verb == "gain" || edit.verb == "phase" || edit.verb == "from";
    if (!takesOwn && edit.verb != "zero" && edit.verb != "magnitude")
        return std::nullopt;
    const std::string all = edit.args.empty() ? "" : edit.args[0];
    if (!takesOwn)
        return Argument{"", all.empty() ? "all" : all};
    const auto colon = all.find(':');
    return Argument{all.substr(0, colon), colon == std::string::npos ? "all" : all.substr(colon + 1)};
}

std::string withOwn(const std::string& own, const FrequencyRegion& region)
{
    return own.empty() ? region.text() : own + ":" + region.text();
}

}

FrequencyRegion regionBetween(BrushTool tool, PlanePoint from, PlanePoint to, const FrequencyPlane& plane)
{
    const double halfY = 0.5 / static_cast<double>(plane.rows), halfX = 0.5 / static_cast<double>(plane.cols);
    FrequencyRegion region;
    if (tool == BrushTool::Ring) {
        const double half = std::min(halfY, halfX);
        const auto [near, far] = std::minmax({std::hypot(from.y, from.x), std::hypot(to.y, to.x)});
        region.shape = FrequencyRegion::Shape::Ring;
        region.edges = {near < half ? 0 : rounded(near - half), rounded(far + half)};
    } else if (tool == BrushTool::Wedge) {
        const double turn = std::remainder(angleOf(to) - angleOf(from), 360), first = angleOf(from);
        constexpr double half = 7.5;
        const double low = std::min(first, first + turn) - half;
        region.shape = FrequencyRegion::Shape::Wedge;
        region.edges = {rounded(low), rounded(low + std::min(180.0, std::abs(turn) + 2 * half))};
    } else {
        const auto [top, bottom] = std::minmax(from.y, to.y);
        const auto [left, right] = std::minmax(from.x, to.x);
        region.shape = FrequencyRegion::Shape::Box;
        region.edges
            = {rounded(top - halfY), rounded(bottom + halfY), rounded(left - halfX), rounded(right + halfX)};
    }
    return region;
}

std::vector<Edit> editsOf(const Brush& brush, const BrushTarget& target, const FrequencyRegion& region)
{
    const std::string leaf = target.weight.substr(target.block.size());
    const std::string index
        = brush.scope == BrushScope::Channel ? "." + std::to_string(target.channel) : std::string();
    if (brush.act == BrushAct::Swap)
        return {{target.weight + index, "from", {withOwn(brush.block, region)}},
            {brush.block + leaf + index, "from", {withOwn(target.block, region)}}};
    Edit edit;
    edit.verb = brush.act == BrushAct::Zero ? "zero"
        : brush.act == BrushAct::Scale      ? "gain"
        : brush.act == BrushAct::Phase      ? "phase"
                                            : "magnitude";
    const std::string own = brush.act == BrushAct::Scale ? QString::number(brush.amount).toStdString()
        : brush.act == BrushAct::Phase                   ? "0"
                                                         : "";
    edit.args = {withOwn(own, region)};
    std::vector<Edit> edits;
    for (const std::string& weight : target.others)
        if (brush.scope == BrushScope::All || weight == target.weight) {
            edit.path = weight + index;
            edits.push_back(edit);
        }
    return edits;
}

std::optional<FrequencyRegion> regionOf(const Edit& edit)
{
    const auto argument = argumentOf(edit);
    return argument ? std::optional(FrequencyRegion::parse(argument->region)) : std::nullopt;
}

Edit controlOf(const Edit& edit, FrequencyRegion::Draw draw, std::uint64_t seed)
{
    const auto argument = argumentOf(edit);
    if (!argument)
        return edit;
    FrequencyRegion region = FrequencyRegion::parse(argument->region);
    region.draw = draw;
    region.seed = seed;
    return {edit.path, edit.verb, {withOwn(argument->own, region)}};
}

bool isOf(const Edit& edit, const std::string& weight, int channel)
{
    const std::string module = weight.substr(0, weight.rfind('.')), index = "." + std::to_string(channel);
    return std::ranges::any_of(
        std::initializer_list<std::string>{weight, module, weight + index, module + index},
        [&](const std::string& path) { return matches(edit.path, path); });
}

}
