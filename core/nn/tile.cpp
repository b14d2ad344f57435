// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/tile.h"

#include <algorithm>

namespace fovea::nn {

using simd::Floats;
using simd::width;

namespace {

template <int rows, bool isTransposed>
void multiply(const TileProduct& p, float* out, Index outStride)
{
    const Rows a = p.a, b = p.b;
    const float* ahead = p.ahead;
    for (Index begin = 0; begin < p.depth; begin += p.stretch) {
        const Index end = std::min(p.depth, begin + p.stretch);
        Floats left[rows]{}, right[rows]{};
#pragma GCC unroll 4
        for (Index k = begin; k < end; ++k, ahead += p.aheadStep) {
            __builtin_prefetch(ahead, 0, 2);
            const Floats b0 = simd::load(b.row(k)), b1 = simd::load(b.row(k) + width);
#pragma GCC unroll 12
            for (int r = 0; r < rows; ++r) {
                const Floats x = simd::all(isTransposed ? a.row(k)[r] : a.row(r)[k]);
                left[r] += x * b0;
                right[r] += x * b1;
            }
        }
#pragma GCC unroll 12
        for (int r = 0; r < rows; ++r) {
            float* to = out + r * outStride;
            simd::store(to, begin == 0 ? left[r] : simd::load(to) + left[r]);
            simd::store(to + width, begin == 0 ? right[r] : simd::load(to + width) + right[r]);
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

void packPanel(Rows a, int rows, Index depth, float* out)
{
    const Index whole = rows == panelWidth ? depth / 4 * 4 : 0;
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
            out[k * panelWidth + r] = r < rows ? a.row(r)[k] : 0;
}

}
