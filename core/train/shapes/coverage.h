// How much of each pixel a polygon covers. It knows no colours.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/shape.h"
#include "core/train/shapes/geometry.h"

#include <cstdint>
#include <vector>

namespace fovea::train::shapes {

/// The part of a picture in which a polygon lies, and for each pixel there 0 to 255, where 255 is wholly
/// covered.
struct Coverage {
    Index left = 0, top = 0, width = 0, height = 0; ///< pixels
    std::vector<std::uint8_t> pixels; ///< [height, width]
};

/// Of a picture of side x side pixels that is the unit square, y downwards. Eight lines a pixel, along each
/// of which the covered length is exact to 1/256 pixel. Contours that run the same way and overlap count
/// once; a hole runs the other way.
Coverage coverage(const Polygon& polygon, Index side);

}
