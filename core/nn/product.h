// The two products that backwards are made of, over tiles; linear and attention have their own forward. Only
// core/nn includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/tile.h"
#include "core/run/run.h"

#include <algorithm>

namespace fovea::nn {

/// One row of a tile on its way to a result.
inline void writeRow(const float* from, Index count, bool adds, float* to)
{
    for (Index i = 0; i < count; ++i)
        to[i] = adds ? to[i] + from[i] : from[i];
}

/// The rows of a block, in whole tiles: each block is multiplied with all panels before the next. About as
/// many as fill half a second-level cache with `depth` elements each, 96 to 480, and each as many. Up to 480
/// rows are one block, or panels would be packed for a few. Cut into divideUp(m, rowsOfBlock(m, depth))
/// blocks none is empty.
constexpr Index rowsOfBlock(Index m, Index depth)
{
    constexpr Index most = 480, floats = Index{96} << 10;
    const Index wanted = std::clamp<Index>(floats / std::max<Index>(depth, 1), 96, most);
    const Index blocks = m <= most ? 1 : divideUp(m, wanted);
    return std::max<Index>(divideUp(divideUp(m, blocks), tileRows), 1) * tileRows;
}

/// The m rows of `a`, or a copy of them in `memory` where they lie whole pages of 4 KiB apart: the rows of a
/// tile would share one set of the first-level cache, which holds fewer than there are (10 % of the time).
Rows offPages(Run& run, Rows a, Index m, Index depth, Tensor& memory);

/// The result is [m, n], its rows n floats apart.
struct ProductShape {
    Index m, n, depth;
};

/// out = a b: a [m, depth], b [depth, n].
void multiply(Run& run, Rows a, Rows b, const ProductShape& shape, GradientSink out);
/// out = a^T b: a [depth, m], b [depth, n]; and the sums of the columns of a, [m]. Each where it is asked
/// for. Sums over depth are made of blocks in order, whatever the threads.
void multiplyTransposed(
    Run& run, Rows a, Rows b, const ProductShape& shape, GradientSink out, GradientSink sums = {});

}
