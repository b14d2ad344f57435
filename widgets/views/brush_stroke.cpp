// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/brush_stroke.h"

#include "core/tensor/error.h"
#include "core/trace/patterns.h"

#include <QString>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace fovea {

namespace {

double rounded(double value) { return std::round(value * 1e4) / 1e4; }

/// The same direction from -180 to less than 180 degrees.
double turned(double angle) { return angle - 360 * std::floor((angle + 180) / 360); }

double angleOf(PlanePoint p) { return std::atan2(p.y, p.x) * 180 / std::numbers::pi; }

/// What a verb of filters takes itself, and where it acts.
struct Argument {
    std::string own;
    FrequencyRegion region;
};

/// From 0 the ring lowpass:0 would hold frequency 0, which is never cut.
FrequencyRegion beyond(const std::string& radius)
{
    FrequencyRegion region = FrequencyRegion::parse("ring:" + radius + "..1");
    region.edges[0] = std::max(region.edges[0], 1e-12);
    return region;
}

Argument readArgument(const Edit& edit)
{
    const std::string all = edit.args.empty() ? "" : edit.args[0];
    if (edit.verb == "lowpass")
        return {"", beyond(all)};
    if (edit.verb == "zero" || edit.verb == "magnitude")
        return {"", FrequencyRegion::parse(all.empty() ? "all" : all)};
    const auto colon = all.find(':');
    return {all.substr(0, colon),
        FrequencyRegion::parse(colon == std::string::npos ? "all" : all.substr(colon + 1))};
}

/// Nothing for other verbs, and for a region that is none: a file may hold what the run will refuse.
std::optional<Argument> argumentOf(const Edit& edit)
{
    constexpr std::array<std::string_view, 6> verbs{"zero", "gain", "phase", "magnitude", "from", "lowpass"};
    if (std::ranges::find(verbs, edit.verb) == verbs.end())
        return std::nullopt;
    try {
        return readArgument(edit);
    } catch (const UsageError&) {
        return std::nullopt;
    }
}

std::string withOwn(const std::string& own, const FrequencyRegion& region)
{
    return own.empty() ? region.text() : own + ":" + region.text();
}

}

PlanePoint pointAt(const FrequencyPlane& plane, int x, int y)
{
    const auto rows = static_cast<double>(plane.rows), cols = static_cast<double>(plane.cols);
    return {static_cast<double>(y - plane.rows / 2) / rows, static_cast<double>(x - plane.cols / 2) / cols};
}

Index binAt(const FrequencyPlane& plane, int x, int y)
{
    const Index ky = (y - plane.rows / 2 + plane.rows) % plane.rows,
                kx = (x - plane.cols / 2 + plane.cols) % plane.cols;
    return kx < plane.bins ? ky * plane.bins + kx
                           : (plane.rows - ky) % plane.rows * plane.bins + plane.cols - kx;
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
        const double low = rounded(turned(std::min(first, first + turn) - half));
        region.shape = FrequencyRegion::Shape::Wedge;
        region.edges = {low, rounded(low + std::min(180.0, std::abs(turn) + 2 * half))};
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
    return argument ? std::optional(argument->region) : std::nullopt;
}

Edit controlOf(const Edit& edit, FrequencyRegion::Draw draw, std::uint64_t seed)
{
    auto argument = argumentOf(edit);
    if (!argument)
        return edit;
    argument->region.draw = draw;
    argument->region.seed = seed;
    return {
        edit.path, edit.verb == "lowpass" ? "zero" : edit.verb, {withOwn(argument->own, argument->region)}};
}

std::optional<double> factorOf(const Edit& edit)
{
    if (edit.verb == "off")
        return 0;
    if (edit.verb == "scale" && !edit.args.empty())
        return std::strtod(edit.args.front().c_str(), nullptr);
    const auto argument = argumentOf(edit);
    if (argument && edit.verb == "gain")
        return std::strtod(argument->own.c_str(), nullptr);
    return argument && (edit.verb == "zero" || edit.verb == "lowpass") ? std::optional(0.0) : std::nullopt;
}

std::optional<Edit> scaledTo(const Edit& edit, double factor)
{
    if (!factorOf(edit))
        return std::nullopt;
    const std::string number = QString::number(factor).toStdString();
    if (const auto argument = argumentOf(edit))
        return Edit{edit.path, "gain", {withOwn(number, argument->region)}};
    return Edit{edit.path, "scale", {number}};
}

bool isOf(const Edit& edit, const std::string& weight, int channel)
{
    const std::string module = weight.substr(0, weight.rfind('.')), index = "." + std::to_string(channel);
    return std::ranges::any_of(
        std::initializer_list<std::string>{weight, module, weight + index, module + index},
        [&](const std::string& path) { return matches(edit.path, path); });
}

}
