// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/position.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace fovea::parts {

namespace {

/// The four neighbours along one axis and their shares.
struct Cubic {
    std::array<Index, 4> at;
    std::array<double, 4> share;
};

/// Keys' kernel (1981) with a = -0.75.
double kernel(double distance)
{
    constexpr double a = -0.75;
    const double t = std::abs(distance);
    if (t <= 1)
        return ((a + 2) * t - (a + 3)) * t * t + 1;
    return t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0;
}

/// At a place between the numbered ones; beyond the first and the last, these are repeated.
Cubic cubicAt(double centre, Index count)
{
    const double floor = std::floor(centre);
    Cubic c{};
    for (std::size_t i = 0; i < 4; ++i) {
        const double place = floor - 1 + static_cast<double>(i);
        c.at[i] = std::clamp<Index>(static_cast<Index>(place), 0, count - 1);
        c.share[i] = kernel(centre - place);
    }
    return c;
}

/// Where cell `target` of `to` lies among `from` cells: with its centre, or with the outer cells on one
/// another.
double byCentres(Index target, Index from, Index to)
{
    return (static_cast<double>(target) + 0.5) * static_cast<double>(from) / static_cast<double>(to) - 0.5;
}
double byCorners(Index target, Index from, Index to)
{
    return to > 1 ? static_cast<double>(target * (from - 1)) / static_cast<double>(to - 1) : 0;
}

/// [from, values] -> [to, values]
void resizeGrid(const float* grid, GridSize from, GridSize to, Index values,
    double (*place)(Index target, Index from, Index to), float* next)
{
    for (Index row = 0; row < to.rows; ++row)
        for (Index col = 0; col < to.cols; ++col) {
            const Cubic y = cubicAt(place(row, from.rows, to.rows), from.rows);
            const Cubic x = cubicAt(place(col, from.cols, to.cols), from.cols);
            for (Index c = 0; c < values; ++c) {
                double sum = 0;
                for (std::size_t i = 0; i < 4; ++i)
                    for (std::size_t j = 0; j < 4; ++j)
                        sum += y.share[i] * x.share[j]
                            * static_cast<double>(grid[(y.at[i] * from.cols + x.at[j]) * values + c]);
                *next++ = static_cast<float>(sum);
            }
        }
}

}

Tensor resizedPositions(const Tensor& positions, GridSize from, GridSize to)
{
    const Index channels = positions.dim(2), specials = positions.dim(1) - from.count();
    assert(positions.rank() == 3 && positions.dim(0) == 1 && specials >= 0);
    Tensor out({1, specials + to.count(), channels});
    const float* old = positions.data();
    float* next = std::copy_n(old, specials * channels, out.writable().data());
    resizeGrid(old + specials * channels, from, to, channels, byCentres, next);
    return out;
}

Tensor resizedFilter(const Tensor& pairs, GridSize to)
{
    assert(pairs.rank() == 4);
    const GridSize half{to.rows, to.cols / 2 + 1};
    Tensor out({half.rows, half.cols, pairs.dim(2), pairs.dim(3)});
    resizeGrid(pairs.data(), {pairs.dim(0), pairs.dim(1)}, half, pairs.dim(2) * pairs.dim(3), byCorners,
        out.writable().data());
    return out;
}

}
