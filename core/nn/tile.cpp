// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/tile.h"

#include <algorithm>

namespace fovea::nn {

using simd::Floats;
using simd::width;

namespace {

template <int rows>
void multiply(Rows a, Rows b, Index depth, float* out, Index outStride)
{
    Floats left[rows]{}, right[rows]{};
    for (Index k = 0; k < depth; ++k) {
        const Floats b0 = simd::load(b.row(k)), b1 = simd::load(b.row(k) + width);
#pragma GCC unroll 12
        for (int r = 0; r < rows; ++r) {
            const Floats x = simd::all(a.row(r)[k]);
            left[r] += x * b0;
            right[r] += x * b1;
        }
    }
#pragma GCC unroll 12
    for (int r = 0; r < rows; ++r) {
        simd::store(out + r * outStride, left[r]);
        simd::store(out + r * outStride + width, right[r]);
    }
}

using Multiply = void (*)(Rows, Rows, Index, float*, Index);

template <int... rows>
constexpr std::array<Multiply, tileRows> variants(std::integer_sequence<int, rows...>)
{
    return {multiply<rows + 1>...};
}

}

void multiplyTile(Rows a, int rows, Rows b, Index depth, float* out, Index outStride)
{
    static constexpr auto byRows = variants(std::make_integer_sequence<int, tileRows>());
    byRows[static_cast<std::size_t>(rows - 1)](a, b, depth, out, outStride);
}

void packPanel(Rows a, int rows, Index depth, float* out)
{
    for (int first = 0; first < panelWidth; first += width) {
        const int present = std::clamp(rows - first, 0, width);
        for (Index k = 0; k < depth; k += width) {
            const int n = static_cast<int>(std::min<Index>(width, depth - k));
            simd::detail::Square square{};
            for (int r = 0; r < present; ++r)
                square[static_cast<std::size_t>(r)]
                    = n == width ? simd::load(a.row(first + r) + k) : simd::loadSome(a.row(first + r) + k, n);
            square = simd::transposed(square);
            for (int i = 0; i < n; ++i)
                simd::store(out + (k + i) * panelWidth + first, square[static_cast<std::size_t>(i)]);
        }
    }
}

}
