// Walking along one row in vectors, and sums over many rows. Only core/nn includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/tile.h"
#include "core/run/run.h"

#include <algorithm>

namespace fovea::nn {

/// fn(first, n) for vectors of n = simd::width elements, and for a rest of n < simd::width.
template <class Fn>
void eachPart(Index count, Fn fn)
{
    Index i = 0;
    for (; i + simd::width <= count; i += simd::width)
        fn(i, simd::width);
    if (i < count)
        fn(i, static_cast<int>(count - i));
}

/// The sum of the first n lanes of all fn(first, n).
template <class Fn>
float sumOver(Index count, Fn fn)
{
    simd::Floats total{};
    float rest = 0;
    eachPart(count, [&](Index i, int n) {
        const simd::Floats v = fn(i, n);
        if (n == simd::width)
            total += v;
        else
            for (int lane = 0; lane < n; ++lane)
                rest += v[lane];
    });
    return simd::sum(total) + rest;
}

/// The sum over all rows of what add(row, sums) adds to numbers of that shape, which begin with 0. Rows are
/// cut into stretches by their number alone, the sums of stretches added in order.
template <class Add>
Tensor sumsOfRows(Run& run, Index rows, const Shape& shape, Add add)
{
    const Index n = shape.count(), stretch = std::clamp<Index>(divideUp(rows, 64), 8, 512);
    const Index tasks = divideUp(rows, stretch);
    Tensor parts = run.make({tasks, n}), total = run.make(shape);
    float *all = parts.writable().data(), *to = total.writable().data();
    run.parallel(tasks, [&](Index task) {
        float* mine = all + task * n;
        std::fill_n(mine, n, 0.0F);
        for (Index row = task * stretch; row < std::min(rows, (task + 1) * stretch); ++row)
            add(row, mine);
    });
    for (Index i = 0; i < n; ++i) {
        double sum = 0;
        for (Index task = 0; task < tasks; ++task)
            sum += static_cast<double>(all[task * n + i]);
        to[i] = static_cast<float>(sum);
    }
    return total;
}

/// Sums [rows, cols] on their way to a gradient; `isTransposed` where that is [cols, rows].
inline void placeSums(const float* sums, const Shape& shape, GradientSink sink, bool isTransposed = false)
{
    const Index rows = shape[0], cols = shape[1];
    for (Index i = 0; sink && i < rows * cols; ++i) {
        float& to = sink.data[isTransposed ? i % cols * rows + i / cols : i];
        to = sink.adds ? to + sums[i] : sums[i];
    }
}

}
