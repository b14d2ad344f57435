// How a region of the frequency plane is written.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/error.h"
#include "core/trace/frequency_region.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace fovea {

namespace {

using RegionShape = FrequencyRegion::Shape;
using Draw = FrequencyRegion::Draw;

constexpr double halfTurnSlack = 1e-6; // decimals of a half turn may miss it by a rounding

struct Form {
    RegionShape shape;
    std::string_view name, argument;
};
constexpr std::array<Form, 5> shapes{{{RegionShape::All, "all", ""}, {RegionShape::Ring, "ring", "A..B"},
    {RegionShape::Wedge, "wedge", "A..B"}, {RegionShape::Box, "box", "Y0..Y1,X0..X1"},
    {RegionShape::Mask, "mask", "HEX"}}};

struct Drawing {
    Draw draw;
    std::string_view name;
};
constexpr std::array<Drawing, 2> drawings{
    {{Draw::EqualNumber, "equal-number"}, {Draw::EqualEnergy, "equal-energy"}}};

[[noreturn]] void refuse(std::string_view text, const std::string& why)
{
    throw UsageError("region '" + std::string(text) + "': " + why);
}

template <class Number>
bool read(std::string_view text, Number& value)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

/// Takes what stands before the separator off the text; all of it where there is none.
std::string_view cutAt(std::string_view& text, std::string_view separator)
{
    const auto at = text.find(separator);
    const std::string_view head = text.substr(0, at);
    text = at == std::string_view::npos ? std::string_view() : text.substr(at + separator.size());
    return head;
}

/// "A..B" appended to `edges`; false when it is none.
bool readRange(std::string_view text, std::vector<double>& edges)
{
    double low = 0, high = 0;
    if (text.find("..") == std::string_view::npos)
        return false;
    const std::string_view first = cutAt(text, "..");
    if (!read(first, low) || !read(text, high) || !std::isfinite(low) || !std::isfinite(high) || low > high)
        return false;
    edges.insert(edges.end(), {low, high});
    return true;
}

/// The shortest that reads back as the same number.
std::string textOf(double value)
{
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end};
}

std::string range(const std::vector<double>& edges, std::size_t first)
{
    return textOf(edges[first]) + ".." + textOf(edges[first + 1]);
}

bool isHex(std::string_view digits)
{
    return !digits.empty() && digits.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

void readShape(FrequencyRegion& region, std::string_view text, std::string_view argument)
{
    const bool isBox = region.shape == RegionShape::Box;
    if (region.shape == RegionShape::All && !argument.empty())
        refuse(text, "'all' takes nothing");
    if (region.shape == RegionShape::Mask) {
        if (!isHex(argument))
            refuse(text, "expected mask:HEX, hexadecimal digits");
        region.mask = argument;
    }
    if (isBox) {
        const std::string_view rows = cutAt(argument, ",");
        if (!readRange(rows, region.edges) || !readRange(argument, region.edges))
            refuse(text, "expected box:Y0..Y1,X0..X1 in cycles per token, each from low to high");
    }
    if (region.shape == RegionShape::Ring && (!readRange(argument, region.edges) || region.edges[0] < 0))
        refuse(text, "expected ring:A..B in cycles per token, 0 <= A <= B");
    if (region.shape == RegionShape::Wedge
        && (!readRange(argument, region.edges) || std::abs(region.edges[0]) > 360
            || region.edges[1] - region.edges[0] > 180 + halfTurnSlack))
        refuse(text, "expected wedge:A..B in degrees, A from -360 to 360 and B at most 180 beyond");
}

}

std::string FrequencyRegion::forms()
{
    std::string all;
    for (const Form& form : shapes)
        all += (all.empty() ? "" : ", ") + std::string(form.name) + (form.argument.empty() ? "" : ":")
            + std::string(form.argument);
    for (const Drawing& drawing : drawings)
        all += ", " + std::string(drawing.name) + ":SEED:REGION";
    return all;
}

FrequencyRegion FrequencyRegion::parse(std::string_view text)
{
    FrequencyRegion region;
    std::string_view rest = text;
    std::string_view word = cutAt(rest, ":");
    if (const auto found = std::ranges::find(drawings, word, &Drawing::name); found != drawings.end()) {
        region.draw = found->draw;
        if (!read(cutAt(rest, ":"), region.seed) || rest.empty())
            refuse(text, "expected " + std::string(found->name) + ":SEED:REGION, SEED a whole number");
        word = cutAt(rest, ":");
    }
    const auto form = std::ranges::find(shapes, word, &Form::name);
    if (form == shapes.end())
        refuse(text, "'" + std::string(word) + "' is no region; there are " + forms());
    region.shape = form->shape;
    readShape(region, text, rest);
    return region;
}

FrequencyRegion FrequencyRegion::ofBins(const FrequencyPlane& plane, const Bins& bins)
{
    FrequencyRegion region;
    region.shape = RegionShape::Mask;
    for (Index first = 0; first < plane.count(); first += 4) {
        int digit = 0;
        for (Index bin = first; bin < first + 4; ++bin)
            digit = digit * 2 + (bin < plane.count() && bins[static_cast<std::size_t>(bin)] ? 1 : 0);
        region.mask += "0123456789abcdef"[digit];
    }
    return region;
}

std::string FrequencyRegion::text() const
{
    std::string out;
    for (const Drawing& drawing : drawings)
        if (drawing.draw == draw)
            out = std::string(drawing.name) + ":" + std::to_string(seed) + ":";
    out += std::ranges::find(shapes, shape, &Form::shape)->name;
    if (shape == RegionShape::Ring || shape == RegionShape::Wedge)
        out += ":" + range(edges, 0);
    if (shape == RegionShape::Box)
        out += ":" + range(edges, 0) + "," + range(edges, 2);
    return shape == RegionShape::Mask ? out + ":" + mask : out;
}

}
