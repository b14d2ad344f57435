// What fills an outline or a background: two colours and how they alternate from place to place.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/train/shapes/geometry.h"
#include "core/train/shapes/random_draws.h"

#include <array>
#include <span>

namespace fovea::train::shapes {

/// Red, green, blue in [0, 1], as they are stored (sRGB).
using Colour = std::array<float, 3>;

/// Hue and saturation in [0, 1), value in [0, 1].
Colour fromHsv(double hue, double saturation, double value);
/// In [0, 1]: the root of (2 r^2 + 4 g^2 + 3 b^2) / 9 of the differences, near to what the eye sees.
double distance(const Colour& a, const Colour& b);
/// `share` of b and the rest of a.
Colour mix(const Colour& a, const Colour& b, float share);

/// A stretch of one row of pixels: pixel i of it lies at (x + i * step, y) in the unit square.
struct Stretch {
    float x = 0, y = 0, step = 0;
    std::size_t count = 0;
};

/// Smooth noise in [0, 1]: a lattice of 16 x 16 random values, repeated, eased between its points.
class Noise {
public:
    Noise() = default;
    explicit Noise(Draws& draws);
    float at(float x, float y) const;
    /// at() of every pixel of a stretch.
    void fill(std::span<float> out, const Stretch& where) const;

private:
    std::array<float, 256> lattice_{};
};

/// In [0, 1] at every place of the picture (the unit square).
class Texture {
public:
    enum class Kind { Stripes, Dots, Checks, Noise, Plain };

    Texture() = default;
    /// Of a kind, direction, phase and frequency that are drawn; `finest` is the largest number of repeats a
    /// side.
    Texture(Draws& draws, double coarsest, double finest);
    void fill(std::span<float> out, const Stretch& where) const;

private:
    Kind kind_ = Kind::Plain;
    float alongX_ = 1, alongY_ = 0; // repeats per side, in the texture's own direction
    float phaseX_ = 0, phaseY_ = 0;
    Noise noise_;
};

/// A filling: the texture leads from one colour to the other, and light falls off across the picture.
struct Paint {
    Colour base{}, other{};
    Texture texture;
    float lightX = 0, lightY = 0; ///< change of brightness per side, as a factor
};

}
