// Walking along one row in vectors. Only core/nn includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/simd.h"
#include "core/tensor/shape.h"

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

}
