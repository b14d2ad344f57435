// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/shapes/texture.h"

#include <algorithm>
#include <cmath>

namespace fovea::train::shapes {

namespace {

float eased(float t) { return t * t * (3 - 2 * t); }
float fraction(float x) { return x - std::floor(x); }
float limited(float x) { return x < 0 ? 0 : x > 1 ? 1 : x; }
/// From 0 to 1 and back once per unit.
float wave(float x) { return eased(std::abs(2 * fraction(x) - 1)); }

}

Colour fromHsv(double hue, double saturation, double value)
{
    Colour colour;
    for (int i = 0; i < 3; ++i) { // Smith's hexcone: each channel is a trapezium over the hue
        double k = 5 - 2 * i + hue * 6;
        k -= 6 * std::floor(k / 6);
        const double drop = std::clamp(std::min(k, 4 - k), 0.0, 1.0);
        colour[static_cast<std::size_t>(i)] = static_cast<float>(value - value * saturation * drop);
    }
    return colour;
}

double distance(const Colour& a, const Colour& b)
{
    const double r = a[0] - b[0], g = a[1] - b[1], blue = a[2] - b[2];
    return std::sqrt((2 * r * r + 4 * g * g + 3 * blue * blue) / 9);
}

Colour mix(const Colour& a, const Colour& b, float share)
{
    return {a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share};
}

Noise::Noise(Draws& draws)
{
    for (float& value : lattice_)
        value = static_cast<float>(draws.uniform());
}

float Noise::at(float x, float y) const
{
    const float left = std::floor(x), top = std::floor(y);
    const float u = eased(x - left), v = eased(y - top);
    const auto column = static_cast<unsigned>(static_cast<int>(left)),
               row = static_cast<unsigned>(static_cast<int>(top));
    const auto value = [&](unsigned r, unsigned c) { return lattice_[(r % 16) * 16 + c % 16]; };
    const float above = value(row, column) + (value(row, column + 1) - value(row, column)) * u;
    const float below = value(row + 1, column) + (value(row + 1, column + 1) - value(row + 1, column)) * u;
    return above + (below - above) * v;
}

void Noise::fill(std::span<float> out, const Stretch& where) const
{
    const float top = std::floor(where.y), v = eased(where.y - top);
    const auto row = static_cast<unsigned>(static_cast<int>(top));
    std::array<float, 17> line{}; // between the two rows of the lattice
    for (unsigned c = 0; c < line.size(); ++c) {
        const float above = lattice_[row % 16 * 16 + c % 16], below = lattice_[(row + 1) % 16 * 16 + c % 16];
        line[c] = above + (below - above) * v;
    }
    for (std::size_t i = 0; i < where.count; ++i) {
        const float x = where.x + static_cast<float>(static_cast<int>(i)) * where.step, left = std::floor(x);
        const auto column = static_cast<unsigned>(static_cast<int>(left)) % 16;
        out[i] = line[column] + (line[column + 1] - line[column]) * eased(x - left);
    }
}

Texture::Texture(Draws& draws, double coarsest, double finest)
    : kind_(static_cast<Kind>(draws.below(5)))
{
    const Point towards = direction(draws.uniform()), along = towards * draws.between(coarsest, finest);
    alongX_ = static_cast<float>(along.x);
    alongY_ = static_cast<float>(along.y);
    phaseX_ = static_cast<float>(draws.uniform());
    phaseY_ = static_cast<float>(draws.uniform());
    if (kind_ == Kind::Noise)
        noise_ = Noise(draws);
}

void Texture::fill(std::span<float> out, const Stretch& where) const
{
    // the texture's own coordinates of the first pixel, and how they go on
    const float u0 = where.x * alongX_ + where.y * alongY_ + phaseX_, du = where.step * alongX_;
    const float v0 = where.y * alongX_ - where.x * alongY_ + phaseY_, dv = -where.step * alongY_;
    const auto each = [&](auto value) {
        for (std::size_t i = 0; i < where.count; ++i) {
            const auto k = static_cast<float>(static_cast<int>(i));
            out[i] = value(u0 + k * du, v0 + k * dv);
        }
    };
    switch (kind_) {
    case Kind::Stripes:
        return each([](float u, float) { return wave(u); });
    case Kind::Dots:
        return each([](float u, float v) {
            const float dx = fraction(u) - 0.5F, dy = fraction(v) - 0.5F;
            return limited((0.1F - dx * dx - dy * dy) * 9 + 0.5F);
        });
    case Kind::Checks:
        return each(
            [](float u, float v) { return limited((2 * wave(u) - 1) * (2 * wave(v) - 1) * 1.5F + 0.5F); });
    case Kind::Noise:
        return each([this](float u, float v) {
            return 0.65F * noise_.at(u, v) + 0.35F * noise_.at(2 * u + 5, 2 * v + 3);
        });
    case Kind::Plain:
        return each([](float, float) { return 0.F; });
    }
}

}
