// The outlines of the classes, and those of what is no class. Where they lie in a picture is the scene's
// matter.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/train/shapes/geometry.h"

#include <cstddef>
#include <string>

namespace fovea::train::shapes {

/// The outline of a class, about 0, of area 1: that all classes have one area keeps a count of coloured
/// pixels from telling them apart.
struct Outline {
    std::string name;
    Polygon polygon;
};

/// Disc, square, triangle, star, cross, ring, crescent, heart, in this order for good.
const std::vector<Outline>& outlines();
/// The largest distance of a point of any class's outline from its centre.
double largestRadius();

/// A line of some width with round ends; contours may overlap, all run the same way.
Polygon stroke(const Contour& points, double width);
/// A closed smooth line about 0 through the given radii at equal angles.
Polygon blob(const std::vector<double>& radii);

}
