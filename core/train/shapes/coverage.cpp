// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/shapes/coverage.h"

#include <algorithm>
#include <cmath>

namespace fovea::train::shapes {

namespace {

constexpr Index lines = 8; // per pixel
constexpr std::int32_t unit = 256; // of a pixel's width
constexpr std::int32_t whole = static_cast<std::int32_t>(lines) * unit;

/// Each crossing of a line with an edge switches all pixels to its right on (or off, for an edge that runs
/// the other way). Kept as differences between neighbours: a sum along the row gives the covered length.
class Rows {
public:
    Rows(const Coverage& part, Index side)
        : part_(part)
        , side_(side)
        , steps_(static_cast<std::size_t>(part.height * (part.width + 2)))
    {
    }

    void addEdge(Point a, Point b)
    {
        const std::int32_t sign = a.y < b.y ? -1 : 1; // clockwise on a screen: upwards at the left
        if (a.y > b.y)
            std::swap(a, b);
        const double scale = static_cast<double>(side_ * lines), slope = (b.x - a.x) / (b.y - a.y);
        // line j lies at (j + 1/2) / scale; an edge owns the lines in [a.y, b.y)
        const auto first = std::max(part_.top * lines, static_cast<Index>(std::ceil(a.y * scale - 0.5)));
        const auto end
            = std::min((part_.top + part_.height) * lines, static_cast<Index>(std::ceil(b.y * scale - 0.5)));
        for (Index j = first; j < end; ++j)
            cross(j / lines, a.x + slope * ((static_cast<double>(j) + 0.5) / scale - a.y), sign);
    }

    void finish(std::vector<std::uint8_t>& pixels) const
    {
        pixels.resize(static_cast<std::size_t>(part_.width * part_.height));
        for (Index y = 0; y < part_.height; ++y) {
            const std::int32_t* steps = &steps_[static_cast<std::size_t>(y * (part_.width + 2))];
            std::uint8_t* out = &pixels[static_cast<std::size_t>(y * part_.width)];
            std::int32_t sum = 0;
            for (Index x = 0; x < part_.width; ++x) {
                sum += steps[x];
                out[x] = static_cast<std::uint8_t>((std::clamp(sum, 0, whole) * 255 + whole / 2) / whole);
            }
        }
    }

private:
    void cross(Index row, double x, std::int32_t sign)
    {
        const double fromLeft = x * static_cast<double>(side_) - static_cast<double>(part_.left);
        const double clamped = std::clamp(fromLeft, 0.0, static_cast<double>(part_.width));
        const auto at = static_cast<Index>(std::floor(clamped * unit + 0.5));
        const auto rest = static_cast<std::int32_t>(at % unit);
        std::int32_t* steps
            = &steps_[static_cast<std::size_t>((row - part_.top) * (part_.width + 2) + at / unit)];
        steps[0] += sign * (unit - rest);
        steps[1] += sign * rest;
    }

    const Coverage& part_;
    Index side_;
    std::vector<std::int32_t> steps_; // [row, column], two columns more than pixels
};

/// The pixels around a polygon, as far as they are in the picture.
Coverage boundsOf(const Polygon& polygon, Index side)
{
    Point low{1, 1}, high{0, 0};
    for (const Contour& contour : polygon)
        for (const Point p : contour) {
            low = {std::min(low.x, p.x), std::min(low.y, p.y)};
            high = {std::max(high.x, p.x), std::max(high.y, p.y)};
        }
    const auto pixel = [side](double at, bool isEnd) {
        const double scaled = std::clamp(at, 0.0, 1.0) * static_cast<double>(side);
        return static_cast<Index>(isEnd ? std::ceil(scaled) : std::floor(scaled));
    };
    Coverage part{pixel(low.x, false), pixel(low.y, false), 0, 0, {}};
    part.width = std::max<Index>(0, pixel(high.x, true) - part.left);
    part.height = std::max<Index>(0, pixel(high.y, true) - part.top);
    return part;
}

}

Coverage coverage(const Polygon& polygon, Index side)
{
    Coverage part = boundsOf(polygon, side);
    if (part.width == 0 || part.height == 0)
        return part;
    Rows rows(part, side);
    for (const Contour& contour : polygon)
        for (std::size_t i = 0; i < contour.size(); ++i) {
            const Point a = contour[i], b = contour[i + 1 < contour.size() ? i + 1 : 0];
            if (a.y != b.y)
                rows.addEdge(a, b);
        }
    rows.finish(part.pixels);
    return part;
}

}
