// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/picture.h"

#include "core/tensor/error.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

namespace fovea::image {

namespace {

/// Keys' cubic convolution kernel with a = -0.5 (IEEE TASSP 29, 1981), or the triangle.
double kernel(Filter filter, double x)
{
    constexpr double a = -0.5;
    x = std::abs(x);
    if (filter == Filter::Bilinear)
        return std::max(0.0, 1 - x);
    if (x < 1)
        return ((a + 2) * x - (a + 3)) * x * x + 1;
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/// Pillow's arithmetic: weights are whole multiples of 2^-22, so sums are exact and equal to the bit.
constexpr int fraction = 22;

/// The source samples that make one target sample, and their weights (sum 1, in units of 2^-22).
struct Tap {
    Index first = 0;
    std::vector<std::int64_t> weights;
};

std::vector<Tap> taps(Index from, Index to, Filter filter)
{
    const double scale = static_cast<double>(from) / static_cast<double>(to), widen = std::max(scale, 1.0);
    const double support = (filter == Filter::Bicubic ? 2 : 1) * widen;
    std::vector<Tap> all(static_cast<std::size_t>(to));
    for (Index i = 0; i < to; ++i) {
        const double centre = (static_cast<double>(i) + 0.5) * scale;
        const Index begin = std::max<Index>(0, static_cast<Index>(std::floor(centre - support + 0.5)));
        const Index end = std::min(from, static_cast<Index>(std::floor(centre + support + 0.5)));
        Tap& tap = all[static_cast<std::size_t>(i)];
        tap.first = begin;
        std::vector<double> weights;
        for (Index s = begin; s < end; ++s)
            weights.push_back(kernel(filter, (static_cast<double>(s) + 0.5 - centre) / widen));
        const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
        for (const double w : weights)
            tap.weights.push_back(std::llround(std::ldexp(w / sum, fraction)));
    }
    return all;
}

/// The nearest byte to a sum in units of 2^-22.
std::uint8_t toByte(std::int64_t sum)
{
    const std::int64_t half = std::int64_t{1} << (fraction - 1);
    return static_cast<std::uint8_t>(std::clamp<std::int64_t>((sum + half) >> fraction, 0, 255));
}

/// Resamples the middle axis of [outer, from, inner] to `to` samples.
void resample(const std::uint8_t* in, std::uint8_t* out, Index outer, const std::vector<Tap>& all, Index from,
    Index inner)
{
    const auto to = static_cast<Index>(all.size());
    for (Index o = 0; o < outer; ++o)
        for (Index i = 0; i < to; ++i) {
            const Tap& tap = all[static_cast<std::size_t>(i)];
            for (Index c = 0; c < inner; ++c) {
                const std::uint8_t* source = in + (o * from + tap.first) * inner + c;
                std::int64_t sum = 0;
                for (std::size_t k = 0; k < tap.weights.size(); ++k)
                    sum += tap.weights[k] * source[static_cast<Index>(k) * inner];
                out[(o * to + i) * inner + c] = toByte(sum);
            }
        }
}

Tensor luma(const Tensor& picture)
{
    Tensor grey({picture.dim(0), picture.dim(1), 1}, DType::U8);
    const auto in = picture.values<std::uint8_t>();
    const auto out = grey.writable<std::uint8_t>();
    for (std::size_t i = 0; i < out.size(); ++i) // ITU-R 601 weights in 16-bit fixed point
        out[i] = static_cast<std::uint8_t>(
            (in[3 * i] * 19595U + in[3 * i + 1] * 38470U + in[3 * i + 2] * 7471U + 32768U) >> 16);
    return grey;
}

}

Filter filterOf(const std::string& name)
{
    if (name == "bilinear")
        return Filter::Bilinear;
    if (name == "bicubic")
        return Filter::Bicubic;
    throw Error("interpolation: expected bilinear or bicubic, found '" + name + "'");
}

Tensor resize(const Tensor& picture, Index width, Index height, Filter filter)
{
    const Index fromHeight = picture.dim(0), fromWidth = picture.dim(1), channels = picture.dim(2);
    Tensor wide = picture;
    if (fromWidth != width) {
        wide = Tensor({fromHeight, width, channels}, DType::U8);
        resample(picture.values<std::uint8_t>().data(), wide.writable<std::uint8_t>().data(), fromHeight,
            taps(fromWidth, width, filter), fromWidth, channels);
    }
    if (fromHeight == height)
        return wide;
    Tensor result({height, width, channels}, DType::U8);
    resample(wide.values<std::uint8_t>().data(), result.writable<std::uint8_t>().data(), 1,
        taps(fromHeight, height, filter), fromHeight, width * channels);
    return result;
}

Tensor centreCrop(const Tensor& picture, Index side)
{
    const Index height = picture.dim(0), width = picture.dim(1), channels = picture.dim(2);
    const auto offset = [&](Index extent) {
        return static_cast<Index>(std::nearbyint(static_cast<double>(extent - side) / 2));
    };
    const Index top = offset(height), left = offset(width);
    Tensor result = Tensor::zeros({side, side, channels}, DType::U8);
    const auto in = picture.values<std::uint8_t>();
    const auto out = result.writable<std::uint8_t>();
    const Index firstX = std::max<Index>(0, -left), endX = std::min(side, width - left);
    for (Index y = std::max<Index>(0, -top); y < std::min(side, height - top); ++y)
        if (endX > firstX)
            std::memcpy(out.data() + (y * side + firstX) * channels,
                in.data() + ((y + top) * width + left + firstX) * channels,
                static_cast<std::size_t>((endX - firstX) * channels));
    return result;
}

Prepared prepare(const Tensor& picture, const Preprocess& how, Index channels)
{
    const Index height = picture.dim(0), width = picture.dim(1), size = how.size;
    const Index shortSide = std::min(width, height), longSide = std::max(width, height);
    const Index longer = size * longSide / shortSide;
    const Tensor resized = resize(picture, width <= height ? size : longer, width <= height ? longer : size,
        filterOf(how.interpolation));
    Prepared result{centreCrop(resized, how.crop), Tensor({1, channels, how.crop, how.crop})};
    const Tensor source = channels == 1 ? luma(result.picture) : result.picture;
    const auto in = source.values<std::uint8_t>();
    const auto out = result.input.writable();
    const auto pixels = static_cast<std::size_t>(how.crop) * static_cast<std::size_t>(how.crop);
    const auto planes = static_cast<std::size_t>(channels);
    for (std::size_t c = 0; c < planes; ++c)
        for (std::size_t i = 0; i < pixels; ++i)
            out[c * pixels + i]
                = (static_cast<float>(in[i * planes + c]) / 255.0F - how.mean[c]) / how.std[c];
    return result;
}

}
