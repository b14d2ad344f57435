// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/tile.h"

#include <algorithm>

namespace fovea::nn {

using simd::Floats;
using simd::width;

namespace {

/// Column after column of up to 12 rows. Addressed by three pointers and multiples of the stride: a pointer
/// for each row would be more than there are registers (5 % of the time).
class Column {
public:
    explicit Column(Rows a)
        : first_(a.data)
        , fifth_(a.row(4))
        , ninth_(a.row(8))
        , stride_(a.stride)
        , thrice_(3 * a.stride)
    {
    }
    float operator[](int r) const
    {
        const float* p = r < 4 ? first_ : r < 8 ? fifth_ : ninth_;
        return p[r % 4 == 3 ? thrice_ : r % 4 * stride_];
    }
    void next() { ++first_, ++fifth_, ++ninth_; }

private:
    const float *first_, *fifth_, *ninth_;
    Index stride_, thrice_;
};
static_assert(tileRows <= 12);

template <int rows, bool isTransposed>
void multiply(const TileProduct& p, float* out, Index outStride)
{
    const Rows a = p.a, b = p.b;
    const float* ahead = p.ahead;
    for (Index begin = 0; begin < p.depth; begin += p.stretch) {
        const Index end = std::min(p.depth, begin + p.stretch);
        const bool adds = p.adds || begin > 0;
        Floats left[rows]{}, right[rows]{};
        Column column({a.data + (isTransposed ? 0 : begin), a.stride});
#pragma GCC unroll 4
        for (Index k = begin; k < end; ++k, ahead += p.aheadStep, column.next()) {
            __builtin_prefetch(ahead, 0, 2);
            const Floats b0 = simd::load(b.row(k)), b1 = simd::load(b.row(k) + width);
#pragma GCC unroll 12
            for (int r = 0; r < rows; ++r) {
                const Floats x = simd::all(isTransposed ? a.row(k)[r] : column[r]);
                left[r] += x * b0;
                right[r] += x * b1;
            }
        }
#pragma GCC unroll 12
        for (int r = 0; r < rows; ++r) {
            float* to = out + r * outStride;
            simd::store(to, adds ? simd::load(to) + left[r] : left[r]);
            simd::store(to + width, adds ? simd::load(to + width) + right[r] : right[r]);
        }
    }
}

using Multiply = void (*)(const TileProduct&, float*, Index);

template <bool isTransposed, int... rows>
constexpr std::array<Multiply, tileRows> variants(std::integer_sequence<int, rows...>)
{
    return {multiply<rows + 1, isTransposed>...};
}

}

void multiplyTile(const TileProduct& product, int rows, float* out, Index outStride)
{
    static constexpr auto plain = variants<false>(std::make_integer_sequence<int, tileRows>());
    static constexpr auto transposed = variants<true>(std::make_integer_sequence<int, tileRows>());
    (product.isTransposed ? transposed : plain)[static_cast<std::size_t>(rows - 1)](product, out, outStride);
}

void multiplyTile(const TileProduct& product, int rows, Index columns, float* out, Index outStride)
{
    if (columns == panelWidth) {
        multiplyTile(product, rows, out, outStride);
        return;
    }
    alignas(64) float tile[tileRows * panelWidth];
    TileProduct fresh = product;
    fresh.adds = false;
    multiplyTile(fresh, rows, tile, panelWidth);
    for (int r = 0; r < rows; ++r)
        for (Index c = 0; c < columns; ++c) {
            float& to = out[r * outStride + c];
            to = product.adds ? to + tile[r * panelWidth + c] : tile[r * panelWidth + c];
        }
}

void packPanel(Rows a, int rows, Index depth, float* out)
{
    if (rows < panelWidth) {
        std::fill_n(out, depth * panelWidth, 0.0F);
        for (int r = 0; r < rows; ++r)
            for (Index k = 0; k < depth; ++k)
                out[k * panelWidth + r] = a.row(r)[k];
        return;
    }
    const Index whole = depth / 4 * 4;
    for (int first = 0; first < panelWidth; first += width)
        for (Index k = 0; k < whole; k += 4) {
            const auto quads = [&](int row) {
                return simd::loadQuads(a.row(first + row) + k, 4 * a.stride);
            }; // and row + 4, ...
            const auto columns = simd::transposedQuads({quads(0), quads(1), quads(2), quads(3)});
            for (std::size_t i = 0; i < 4; ++i)
                simd::store(out + (k + static_cast<Index>(i)) * panelWidth + first, columns[i]);
        }
    for (Index k = whole; k < depth; ++k)
        for (int r = 0; r < panelWidth; ++r)
            out[k * panelWidth + r] = a.row(r)[k];
}

}
