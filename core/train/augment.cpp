// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/augment.h"

#include <algorithm>
#include <cmath>

namespace fovea::train {

namespace {

/// Elements of the place that draws, so that one kind of change does not move another's numbers.
enum Draw : std::uint64_t { ShiftX, ShiftY, Flip, Erase, EraseArea, EraseAspect, EraseX, EraseY, FirstNoise };

Index below(Index count, double uniform)
{
    return std::min(count - 1, static_cast<Index>(uniform * static_cast<double>(count)));
}

Tensor moved(const Tensor& picture, Index dx, Index dy, bool isFlipped)
{
    const Index height = picture.dim(1), width = picture.dim(2);
    Tensor result(picture.shape(), DType::U8);
    const auto in = picture.values<std::uint8_t>();
    const auto out = result.writable<std::uint8_t>();
    for (Index row = 0; row < picture.dim(0) * height; ++row) { // [channel, y]
        const Index y = row % height, from = row - y + std::clamp<Index>(y + dy, 0, height - 1);
        for (Index x = 0; x < width; ++x) {
            const Index source = std::clamp<Index>((isFlipped ? width - 1 - x : x) + dx, 0, width - 1);
            out[static_cast<std::size_t>(row * width + x)]
                = in[static_cast<std::size_t>(from * width + source)];
        }
    }
    return result;
}

/// A rectangle of 2 to 33 % of the picture with sides 0.3 to 3.3 to each other becomes noise, as in the
/// paper.
Tensor erased(const Tensor& picture, const RandomPlace& place)
{
    const Index height = picture.dim(1), width = picture.dim(2);
    const double area = (0.02 + 0.31 * place.uniform(EraseArea)) * static_cast<double>(height * width);
    const double narrow
        = 0.3 + 0.7 * place.uniform(EraseAspect); // of the two sides; the word's last bit says which
    const double aspect = (place.word(EraseAspect) & 1) != 0 ? narrow : 1 / narrow;
    const auto side = [](double length, Index most) {
        return std::clamp<Index>(static_cast<Index>(length + 0.5), 1, most);
    };
    const Index tall = side(std::sqrt(area * aspect), height), wide = side(std::sqrt(area / aspect), width);
    const Index top = below(height - tall + 1, place.uniform(EraseY));
    const Index left = below(width - wide + 1, place.uniform(EraseX));
    Tensor result = picture.clone();
    const auto out = result.writable<std::uint8_t>();
    std::uint64_t drawn = FirstNoise;
    for (Index c = 0; c < picture.dim(0); ++c)
        for (Index y = top; y < top + tall; ++y)
            for (Index x = left; x < left + wide; ++x)
                out[static_cast<std::size_t>((c * height + y) * width + x)]
                    = static_cast<std::uint8_t>(place.word(drawn++) >> 24);
    return result;
}

}

Tensor augmented(const Tensor& picture, const Augment& how, const RandomPlace& place)
{
    const Index reach = 2 * Index{how.pad} + 1;
    const Index dx = below(reach, place.uniform(ShiftX)) - how.pad;
    const Index dy = below(reach, place.uniform(ShiftY)) - how.pad;
    const bool isFlipped = how.flip && place.uniform(Flip) < 0.5F;
    Tensor result = dx != 0 || dy != 0 || isFlipped ? moved(picture, dx, dy, isFlipped) : picture;
    if (place.uniform(Erase) < how.erase)
        result = erased(result, place);
    return result;
}

}
