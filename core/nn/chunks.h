// How work on many equal elements or rows is cut into tasks: by their number alone.
// Only core/nn includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/simd.h"
#include "core/nn/tile.h"
#include "core/run/pieces.h"

#include <algorithm>

namespace fovea::nn {

/// Calls fn(begin, end) for consecutive pieces of [0, count), in parallel.
template <class Fn>
void eachChunk(Run& run, Index count, Index chunk, Fn fn)
{
    run.parallel(
        divideUp(count, chunk), [&](Index task) { fn(task * chunk, std::min(count, (task + 1) * chunk)); });
}

/// Calls fn(first, n) for vectors of n = simd::width elements, and for a rest of n < simd::width.
template <class Fn>
void eachVector(Run& run, Index count, Fn fn)
{
    eachPiece(run, count, [&](Index begin, Index end) {
        Index i = begin;
        for (; i + simd::width <= end; i += simd::width)
            fn(i, simd::width);
        if (i < end)
            fn(i, static_cast<int>(end - i));
    });
}

/// Rows of `width` elements in a task, so that a task is neither a trifle nor the whole.
inline Index rowsPerTask(Index width) { return std::clamp<Index>(8192 / std::max<Index>(width, 1), 1, 1024); }

}
