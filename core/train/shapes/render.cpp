// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/shapes/render.h"

#include "core/train/shapes/coverage.h"

#include <algorithm>
#include <cmath>

namespace fovea::train::shapes {

namespace {

float limited(float x) { return x < 0 ? 0 : x > 1 ? 1 : x; }

/// Three planes of floats while things are laid over one another.
class Canvas {
public:
    explicit Canvas(Index side)
        : side_(static_cast<std::size_t>(side))
        , pixel_(1 / static_cast<float>(side))
        , planes_(3 * side_ * side_)
        , texture_(side_)
        , other_(side_)
    {
    }

    void fill(const Ground& ground)
    {
        for (std::size_t y = 0; y < side_; ++y)
            fillRow(y * side_, ground, stretch(0, y, side_));
    }

    void layOver(const Coverage& covered, const Paint& paint)
    {
        const auto width = static_cast<std::size_t>(covered.width);
        for (std::size_t y = 0; y < static_cast<std::size_t>(covered.height); ++y) {
            const std::size_t row = static_cast<std::size_t>(covered.top) + y;
            const auto left = static_cast<std::size_t>(covered.left);
            for (std::size_t i = 0; i < width; ++i)
                other_[i] = static_cast<float>(covered.pixels[y * width + i]) / 255;
            layRow(row * side_ + left, paint, stretch(left, row, width));
        }
    }

    Tensor bytes() const
    {
        const auto side = static_cast<Index>(side_);
        Tensor picture({3, side, side}, DType::U8);
        const auto out = picture.writable<std::uint8_t>();
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<std::uint8_t>(std::floor(limited(planes_[i]) * 255 + 0.5F));
        return picture;
    }

private:
    Stretch stretch(std::size_t x, std::size_t y, std::size_t count) const
    {
        return {
            (static_cast<float>(x) + 0.5F) * pixel_, (static_cast<float>(y) + 0.5F) * pixel_, pixel_, count};
    }
    float* plane(std::size_t channel, std::size_t at) { return &planes_[channel * side_ * side_ + at]; }
    static float placeOf(std::size_t i) { return static_cast<float>(static_cast<int>(i)); }

    /// The gradient, bent by the clouds, then the clutter, then the clouds' shadows.
    void fillRow(std::size_t at, const Ground& ground, const Stretch& where)
    {
        ground.clutter.fill(texture_, where);
        ground.clouds.fill(other_,
            {where.x * ground.cloudScale, where.y * ground.cloudScale, where.step * ground.cloudScale,
                where.count});
        const auto alongX = static_cast<float>(ground.along.x), alongY = static_cast<float>(ground.along.y);
        const float start = 0.5F + 0.9F * ((where.x - 0.5F) * alongX + (where.y - 0.5F) * alongY);
        const float advance = 0.9F * where.step * alongX;
        for (std::size_t c = 0; c < 3; ++c) {
            float* out = plane(c, at);
            const float from = ground.from[c], range = ground.to[c] - ground.from[c];
            for (std::size_t i = 0; i < where.count; ++i) {
                const float cloud = other_[i] - 0.5F;
                const float base = from + range * limited(start + placeOf(i) * advance + cloud * 0.8F);
                const float share = ground.clutterShare * texture_[i];
                out[i] = (base + (ground.clutterEnd - base) * share) * (1 + ground.cloudiness * cloud);
            }
        }
    }

    /// other_ holds how much of each pixel is covered.
    void layRow(std::size_t at, const Paint& paint, const Stretch& where)
    {
        paint.texture.fill(texture_, where);
        const float start = 1 + paint.lightX * (where.x - 0.5F) + paint.lightY * (where.y - 0.5F);
        const float advance = paint.lightX * where.step;
        for (std::size_t c = 0; c < 3; ++c) {
            float* out = plane(c, at);
            const float base = paint.base[c], range = paint.other[c] - paint.base[c];
            for (std::size_t i = 0; i < where.count; ++i) {
                const float colour = (base + range * texture_[i]) * (start + placeOf(i) * advance);
                out[i] += (colour - out[i]) * other_[i];
            }
        }
    }

    std::size_t side_;
    float pixel_;
    std::vector<float> planes_; // [3, side, side]
    std::vector<float> texture_, other_; // of one row
};

Tensor maskOf(const Coverage& covered, Index side)
{
    Tensor mask = Tensor::zeros({side, side}, DType::U8);
    const auto out = mask.writable<std::uint8_t>();
    for (Index y = 0; y < covered.height; ++y)
        std::copy_n(covered.pixels.begin() + y * covered.width, covered.width,
            out.begin() + (covered.top + y) * side + covered.left);
    return mask;
}

}

Rendered render(const Scene& scene, Index side)
{
    Canvas canvas(side);
    canvas.fill(scene.ground);
    for (const Thing& thing : scene.distractors)
        canvas.layOver(coverage(thing.polygon, side), thing.paint);
    std::vector<ObjectMask> objects;
    for (const Thing& thing : scene.objects) {
        const Coverage covered = coverage(thing.polygon, side);
        canvas.layOver(covered, thing.paint);
        objects.push_back({thing.label, maskOf(covered, side)});
    }
    return {canvas.bytes(), std::move(objects)};
}

}
