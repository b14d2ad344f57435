// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/shapes/scene.h"

#include <algorithm>
#include <cmath>

namespace fovea::train::shapes {

namespace {

/// Sides of a square of an object's area, as a share of the picture's side.
struct Sizes {
    double smallest, largest;
};
constexpr Sizes sizesOne{0.30, 0.50}, sizesTwo{0.245, 0.27};
constexpr double leastGap = 0.01; // to the picture's edge
constexpr double largestTurn = 25.0 / 360, stretch = 0.08;
constexpr double objectContrast = 0.30, distractorContrast = 0.16;

double dot(Point a, Point b) { return a.x * b.x + a.y * b.y; }

/// Ranges that colours are drawn from, as in fromHsv().
struct Tones {
    double dullest, purest, darkest, lightest;
};
/// Four grounds of five are dark with lighter objects on them. Without such a bias the mean picture of every
/// class is one even grey, and a network's first layer learns nothing for a long time.
constexpr double darkGrounds = 0.8;
constexpr Tones darkGround{0.10, 0.65, 0.14, 0.55}, lightGround{0.04, 0.40, 0.66, 0.96};
constexpr Tones lightObject{0.20, 0.85, 0.66, 1.00}, darkObject{0.30, 0.90, 0.22, 0.58};
constexpr Tones anyDistractor{0.25, 0.85, 0.25, 0.95};

Colour drawColour(Draws& draws, const Tones& tones)
{
    const double hue = draws.uniform(), saturation = draws.between(tones.dullest, tones.purest);
    return fromHsv(hue, saturation, draws.between(tones.darkest, tones.lightest));
}

/// A colour that stands out from the whole ground; the last try when none of many does.
Colour drawContrasting(Draws& draws, const Tones& tones, const Ground& ground, double least)
{
    Colour colour{};
    for (int attempt = 0; attempt < 64; ++attempt) {
        colour = drawColour(draws, tones);
        const Colour middle = mix(ground.from, ground.to, 0.5F);
        if (std::min({distance(colour, ground.from), distance(colour, ground.to), distance(colour, middle)})
            >= least)
            break;
    }
    return colour;
}

/// Lighter or darker by up to `most`.
Colour drawShade(Draws& draws, const Colour& colour, double least, double most)
{
    const Colour end = draws.below(2) == 0 ? Colour{0, 0, 0} : Colour{1, 1, 1};
    return mix(colour, end, static_cast<float>(draws.between(least, most)));
}

Ground drawGround(Draws& draws)
{
    Ground ground;
    ground.isDark = draws.uniform() < darkGrounds;
    const Tones& tones = ground.isDark ? darkGround : lightGround;
    ground.from = drawColour(draws, tones);
    const Colour other = drawColour(draws, tones);
    ground.to = mix(ground.from, other, static_cast<float>(draws.between(0.2, 0.6)));
    ground.along = direction(draws.uniform());
    ground.clouds = Noise(draws);
    ground.cloudiness = static_cast<float>(draws.between(0.05, 0.22));
    ground.cloudScale = static_cast<float>(draws.between(2, 5));
    ground.clutter = Texture(draws, 3, 9);
    ground.clutterShare = static_cast<float>(draws.between(0.04, 0.16));
    ground.clutterEnd = draws.below(2) == 0 ? 0.F : 1.F;
    return ground;
}

Paint drawPaint(Draws& draws, const Tones& tones, const Ground& ground, double contrast)
{
    Paint paint;
    paint.base = drawContrasting(draws, tones, ground, contrast);
    paint.other = drawShade(draws, paint.base, 0.12, 0.34);
    paint.texture = Texture(draws, 5, 12);
    const Point towards = direction(draws.uniform()), light = towards * draws.between(0.1, 0.4);
    paint.lightX = static_cast<float>(light.x);
    paint.lightY = static_cast<float>(light.y);
    return paint;
}

Polygon placed(const Polygon& polygon, Point centre, double size, Point turn, double wider = 1)
{
    Polygon result = polygon;
    for (Contour& contour : result)
        for (Point& p : contour)
            p = centre + turned({p.x * size * wider, p.y * size / wider}, turn);
    return result;
}

/// Where an object of any class would fit, whatever its outline.
struct Spot {
    Point centre;
    double size = 0;
    double radius() const { return size * largestRadius() / (1 - stretch / 2); }
};

Spot drawSpot(Draws& draws, Sizes sizes)
{
    Spot spot{{}, draws.between(sizes.smallest, sizes.largest)};
    const double margin = std::min(0.5, spot.radius() + leastGap);
    spot.centre.x = draws.between(margin, 1 - margin);
    spot.centre.y = draws.between(margin, 1 - margin);
    return spot;
}

/// Two spots that do not meet: in opposite corners when chance finds no others.
std::vector<Spot> drawTwoSpots(Draws& draws)
{
    for (int attempt = 0; attempt < 200; ++attempt) {
        const Spot a = drawSpot(draws, sizesTwo), b = drawSpot(draws, sizesTwo);
        const Point between = a.centre - b.centre;
        if (std::sqrt(dot(between, between)) >= a.radius() + b.radius())
            return {a, b};
    }
    return {{{0.27, 0.27}, sizesTwo.smallest}, {{0.73, 0.73}, sizesTwo.smallest}};
}

Thing drawObject(Draws& draws, const Spot& spot, int label, const Ground& ground)
{
    const Point turn = direction(draws.between(-largestTurn, largestTurn));
    const double wider = draws.between(1 - stretch / 2, 1 + stretch / 2);
    const Polygon& outline = outlines()[static_cast<std::size_t>(label)].polygon;
    return {label, placed(outline, spot.centre, spot.size, turn, wider),
        drawPaint(draws, ground.isDark ? lightObject : darkObject, ground, objectContrast)};
}

/// A bar, an open zigzag, or a small blob, about 0.
Polygon drawDistractorOutline(Draws& draws)
{
    switch (draws.below(3)) {
    case 0: {
        const double half = draws.between(0.07, 0.14);
        return stroke({{-half, 0}, {half, 0}}, draws.between(0.02, 0.045));
    }
    case 1: {
        const double step = draws.between(0.05, 0.08), height = draws.between(0.03, 0.06);
        const double width = draws.between(0.015, 0.03);
        return stroke(
            {{-1.5 * step, -height}, {-0.5 * step, height}, {0.5 * step, -height}, {1.5 * step, height}},
            width);
    }
    default: {
        std::vector<double> radii(5 + static_cast<std::size_t>(draws.below(3)));
        const double size = draws.between(0.03, 0.065);
        for (double& radius : radii)
            radius = size * draws.between(0.4, 1.5);
        return blob(radii);
    }
    }
}

/// Beside the objects rather than behind them, as far as chance finds room.
Point drawDistractorPlace(Draws& draws, const std::vector<Spot>& spots)
{
    Point place;
    for (int attempt = 0; attempt < 16; ++attempt) {
        place = {draws.between(0.06, 0.94), draws.between(0.06, 0.94)};
        if (std::ranges::all_of(spots, [&](const Spot& spot) {
                const Point away = place - spot.centre;
                return dot(away, away) >= 0.75 * spot.size * spot.size;
            }))
            break;
    }
    return place;
}

}

int drawLabel(const RandomPlace& place) { return Draws(place).below(static_cast<int>(outlines().size())); }

Scene drawScene(const RandomPlace& place, Mode mode)
{
    Draws draws(place);
    const auto classes = static_cast<int>(outlines().size());
    std::vector<int> labels{draws.below(classes)};
    if (mode == Mode::Two)
        labels.push_back((labels[0] + 1 + draws.below(classes - 1)) % classes);
    Scene scene;
    scene.ground = drawGround(draws);
    const std::vector<Spot> spots
        = mode == Mode::Two ? drawTwoSpots(draws) : std::vector<Spot>{drawSpot(draws, sizesOne)};
    for (std::size_t i = 0; i < spots.size(); ++i)
        scene.objects.push_back(drawObject(draws, spots[i], labels[i], scene.ground));
    for (int left = 2 + draws.below(3); left > 0; --left) {
        const Polygon outline = drawDistractorOutline(draws);
        const Point at = drawDistractorPlace(draws, spots), turn = direction(draws.uniform());
        scene.distractors.push_back({-1, placed(outline, at, 1, turn),
            drawPaint(draws, anyDistractor, scene.ground, distractorContrast)});
    }
    return scene;
}

}
