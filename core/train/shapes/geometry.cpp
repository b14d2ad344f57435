// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/shapes/geometry.h"

#include <cmath>

namespace fovea::train::shapes {

namespace {

/// Taylor's series about 0 of the sine and the cosine; |x| <= pi / 4 leaves an error below 1e-10.
double smallSine(double x)
{
    const double z = x * x;
    return x * (1 - z / 6 * (1 - z / 20 * (1 - z / 42 * (1 - z / 72 * (1 - z / 110)))));
}
double smallCosine(double x)
{
    const double z = x * x;
    return 1 - z / 2 * (1 - z / 12 * (1 - z / 30 * (1 - z / 56 * (1 - z / 90 * (1 - z / 132)))));
}

}

Point direction(double turns)
{
    constexpr double quarterTurn = 1.5707963267948966;
    const double quarters = (turns - std::floor(turns)) * 4, nearest = std::floor(quarters + 0.5);
    const double x = (quarters - nearest) * quarterTurn, c = smallCosine(x), s = smallSine(x);
    switch (static_cast<int>(nearest) % 4) {
    case 0:
        return {c, s};
    case 1:
        return {-s, c};
    case 2:
        return {-c, -s};
    default:
        return {s, -c};
    }
}

double signedArea(const Polygon& polygon)
{
    double twice = 0;
    for (const Contour& contour : polygon)
        for (std::size_t i = 0; i < contour.size(); ++i) {
            const Point a = contour[i], b = contour[(i + 1) % contour.size()];
            twice += a.x * b.y - b.x * a.y;
        }
    return twice / 2;
}

Contour arc(Point centre, double radius, double from, double to, int steps)
{
    Contour points;
    for (int i = 0; i <= steps; ++i)
        points.push_back(centre + direction(from + (to - from) * i / steps) * radius);
    return points;
}

Contour circle(Point centre, double radius, int steps)
{
    Contour points = arc(centre, radius, 0, 1, steps);
    points.pop_back(); // the first again
    return points;
}

}
