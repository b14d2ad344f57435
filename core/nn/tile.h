// The inner product of every matrix product: a few rows times one panel of columns, in registers.
// Only core/nn includes it. No blocking, threads or memory here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/simd.h"
#include "core/tensor/shape.h"

namespace fovea::nn {

/// A tile has at most `tileRows` rows and always `panelWidth` columns: as many sums as registers hold.
constexpr int tileRows = simd::width == 16 ? 12 : 6;
constexpr int panelWidth = 2 * simd::width;

/// A matrix in memory whose rows are `stride` floats apart.
struct Rows {
    const float* data;
    Index stride;
    const float* row(Index i) const { return data + i * stride; }
};

/// out[r][c] = sum over k of a[r][k] * b[k][c], for r < rows <= tileRows and c < panelWidth; with
/// `isTransposed` a holds a[k][r] there; with `adds` the sum is added to what out holds. Each sum is that of
/// stretches of k in order, whatever `rows` is: a row's bits do not depend on its tile. Meanwhile asks for
/// the floats at ahead[0], ahead[aheadStep], ... of memory that is wanted soon.
struct TileProduct {
    Rows a, b;
    Index depth = 0;
    const float* ahead = b.data;
    Index aheadStep = 0;
    bool isTransposed = false, adds = false;
    Index stretch = 256; ///< the longest sum that is made in one go
};
void multiplyTile(const TileProduct& product, int rows, float* out, Index outStride);
/// The first `columns` <= panelWidth columns of it; out has no room for more.
void multiplyTile(const TileProduct& product, int rows, Index columns, float* out, Index outStride);

/// Asks for the place where a tile will be written: its rows lie far apart.
inline void fetchTile(const float* out, Index outStride, int rows)
{
    for (int r = 0; r < rows; ++r)
        for (int line = 0; line < panelWidth; line += 16)
            __builtin_prefetch(out + r * outStride + line, 1, 3);
}

/// Panel of a transpose: out[k][r] = a[r][k] for r < rows <= panelWidth, zero for the other r.
void packPanel(Rows a, int rows, Index depth, float* out);

constexpr Index divideUp(Index n, Index by) { return (n + by - 1) / by; }

}
