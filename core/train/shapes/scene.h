// What is to be seen in one picture, in the unit square: drawn once, rendered at any size.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/train/shapes/outline.h"
#include "core/train/shapes/texture.h"

namespace fovea::train::shapes {

enum class Mode { One, Two };

/// Something with an edge.
struct Thing {
    int label = -1; ///< its class; -1: a distractor
    Polygon polygon;
    Paint paint;
};

/// A soft ground of two colours, with clutter.
struct Ground {
    bool isDark = true; ///< objects are lighter than it; else darker
    Colour from{}, to{}; ///< at the two ends of the gradient
    Point along; ///< the gradient's direction
    Noise clouds;
    float cloudiness = 0, cloudScale = 1;
    Texture clutter;
    float clutterShare = 0; ///< how far the clutter leads to black or white
    float clutterEnd = 0; ///< 0: black, 1: white
};

struct Scene {
    Ground ground;
    std::vector<Thing> distractors; ///< behind the objects
    std::vector<Thing> objects; ///< one, or two of different classes that do not touch
};

/// The class of the first object is the first draw; the outline apart, nothing else depends on a class.
Scene drawScene(const RandomPlace& place, Mode mode);
/// The label of drawScene()'s first object.
int drawLabel(const RandomPlace& place);

}
