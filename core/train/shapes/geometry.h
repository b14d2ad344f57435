// Points, angles and polygons whose bits are the same on every processor. No libm: only + - * / and sqrt,
// which IEEE 754 fixes, and this folder is compiled without fused multiply-add.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace fovea::train::shapes {

struct Point {
    double x = 0, y = 0;
    Point operator+(Point o) const { return {x + o.x, y + o.y}; }
    Point operator-(Point o) const { return {x - o.x, y - o.y}; }
    Point operator*(double k) const { return {x * k, y * k}; }
};

/// (cos, sin) of an angle in turns (1 is the full circle), within 1e-9.
Point direction(double turns);
/// `p` turned by the angle of the direction.
inline Point turned(Point p, Point direction)
{
    return {p.x * direction.x - p.y * direction.y, p.x * direction.y + p.y * direction.x};
}

/// A closed line of points; the last is joined to the first.
using Contour = std::vector<Point>;
/// Contours that do not cross. A hole runs the other way round than what is around it.
using Polygon = std::vector<Contour>;

/// Positive for a contour that runs from x to y (clockwise on a screen, whose y points down).
double signedArea(const Polygon& polygon);
/// Points of the circle from angle `from` to `to` (in turns), both included.
Contour arc(Point centre, double radius, double from, double to, int steps);
/// The whole circle, clockwise on a screen.
Contour circle(Point centre, double radius, int steps = 64);

}
