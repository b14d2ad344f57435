// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/shapes/outline.h"

#include <algorithm>
#include <cmath>

namespace fovea::train::shapes {

namespace {

Contour reversed(Contour contour)
{
    std::reverse(contour.begin(), contour.end());
    return contour;
}

Polygon square()
{
    constexpr double corner = 0.12; // of half a side
    Contour points;
    for (int i = 0; i < 4; ++i) {
        const Point diagonal = direction(0.125 + 0.25 * i) * 1.4142135623730951;
        const Contour rounded = arc(diagonal * (1 - corner), corner, 0.25 * i, 0.25 * (i + 1), 4);
        points.insert(points.end(), rounded.begin(), rounded.end());
    }
    return {points};
}

/// Points on circles by turns: `corners` long ones and, between them, short ones of radius `inner` (0: none).
Polygon spiked(int corners, double inner)
{
    Contour points;
    for (int i = 0; i < corners; ++i) {
        points.push_back(direction(0.75 + 1.0 * i / corners));
        if (inner > 0)
            points.push_back(direction(0.75 + (i + 0.5) / corners) * inner);
    }
    return {points};
}

Polygon cross()
{
    constexpr double arm = 0.36; // half its width, of half the cross's
    Contour points;
    for (int i = 0; i < 4; ++i)
        for (const Point p : {Point{arm, -arm}, Point{1, -arm}, Point{1, arm}})
            points.push_back(turned(p, direction(0.25 * i)));
    return {points};
}

Polygon ring() { return {circle({}, 1), reversed(circle({}, 0.56))}; }

/// A disc of radius 1 without a disc of radius r about (d, 0). Both circles meet where
/// x = (1 - r^2 + d^2) / 2d; the angles there are found by bisection, for want of an arc cosine.
Polygon crescent()
{
    constexpr double r = 0.78, d = 0.6, x = (1 - r * r + d * d) / (2 * d);
    const auto turnsWithCosine = [](double cosine) {
        double low = 0, high = 0.5;
        for (int i = 0; i < 50; ++i) {
            const double middle = (low + high) / 2;
            (direction(middle).x > cosine ? low : high) = middle;
        }
        return low;
    };
    const double outer = turnsWithCosine(x), inner = turnsWithCosine((x - d) / r);
    Contour points = arc({}, 1, outer, 1 - outer, 48);
    const Contour bite = reversed(arc({d, 0}, r, inner, 1 - inner, 32));
    points.insert(points.end(), bite.begin() + 1, bite.end() - 1);
    return {points};
}

/// A square on its corner, with half discs on the two upper sides; 0 is near its centre of mass.
Polygon heart()
{
    constexpr double half = 0.5, lift = 0.13;
    Contour points = arc({-half, lift - half}, 0.7071067811865476, 0.375, 0.875, 24);
    const Contour right = arc({half, lift - half}, 0.7071067811865476, 0.625, 1.125, 24);
    points.insert(points.end(), right.begin(), right.end());
    points.push_back({0, lift + 1});
    return {points};
}

Outline normalised(std::string name, Polygon polygon)
{
    const double scale = 1 / std::sqrt(std::abs(signedArea(polygon)));
    for (Contour& contour : polygon)
        for (Point& p : contour)
            p = p * scale;
    return {std::move(name), std::move(polygon)};
}

std::vector<Outline> makeOutlines()
{
    return {normalised("disc", {circle({}, 1)}), normalised("square", square()),
        normalised("triangle", spiked(3, 0)), normalised("star", spiked(5, 0.45)),
        normalised("cross", cross()), normalised("ring", ring()), normalised("crescent", crescent()),
        normalised("heart", heart())};
}

}

const std::vector<Outline>& outlines()
{
    static const std::vector<Outline> all = makeOutlines();
    return all;
}

double largestRadius()
{
    static const double largest = [] {
        double squared = 0;
        for (const Outline& outline : outlines())
            for (const Contour& contour : outline.polygon)
                for (const Point p : contour)
                    squared = std::max(squared, p.x * p.x + p.y * p.y);
        return std::sqrt(squared);
    }();
    return largest;
}

Polygon stroke(const Contour& points, double width)
{
    Polygon polygon;
    for (const Point p : points)
        polygon.push_back(circle(p, width / 2, 12));
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const Point a = points[i], b = points[i + 1], along = b - a;
        const double length = std::sqrt(along.x * along.x + along.y * along.y);
        if (length <= 0)
            continue;
        const Point side = Point{-along.y, along.x} * (width / 2 / length);
        polygon.push_back({a - side, b - side, b + side, a + side});
    }
    return polygon;
}

Polygon blob(const std::vector<double>& radii)
{
    constexpr int between = 6;
    const auto n = static_cast<int>(radii.size());
    Contour points;
    for (int i = 0; i < n; ++i)
        for (int k = 0; k < between; ++k) {
            const double t = 1.0 * k / between, eased = t * t * (3 - 2 * t);
            const double here = radii[static_cast<std::size_t>(i)];
            const double next = radii[static_cast<std::size_t>((i + 1) % n)];
            points.push_back(direction((i + t) / n) * (here + (next - here) * eased));
        }
    return {points};
}

}
