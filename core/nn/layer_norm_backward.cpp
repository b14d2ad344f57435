// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/layer_norm_backward.h"

#include "core/nn/chunks.h"
#include "core/nn/few_rows.h"
#include "core/nn/row_sums.h"

#include <algorithm>
#include <cmath>

namespace fovea::nn {

using simd::Floats;

namespace {

/// What the rows of one task share.
struct Rowwise {
    const float *x, *weight, *gradient;
    Index n;
    float eps;
    GradientSink ofX;
    float *ofWeight, *ofBias; ///< sums of this task
};

/// The normalised row in `h`; returns 1 / s.
float normalised(const float* x, Index n, float eps, float* h)
{
    const auto count = static_cast<float>(n);
    const float mean = sumOver(n, [x](Index i, int k) { return simd::load(x + i, k); }) / count;
    const Floats m = simd::all(mean);
    const float variance = sumOver(n, [x, m](Index i, int k) {
        const Floats d = simd::load(x + i, k) - m;
        return d * d;
    }) / count;
    const float inverse = 1 / std::sqrt(variance + eps);
    const Floats s = simd::all(inverse);
    eachPart(n, [=](Index i, int k) { simd::store(h + i, (simd::load(x + i, k) - m) * s, k); });
    return inverse;
}

/// `h` is room for a row.
void rowBackward(const Rowwise& p, Index row, float* h)
{
    const float *x = p.x + row * p.n, *gradient = p.gradient + row * p.n, *w = p.weight;
    if (isZero(gradient, p.n)) {
        if (p.ofX && !p.ofX.adds)
            std::fill_n(p.ofX.data + row * p.n, p.n, 0.0F);
        return;
    }
    const float inverse = normalised(x, p.n, p.eps, h);
    Floats sum{}, products{}; // of weighted gradients, and of those with h
    eachPart(p.n, [&](Index i, int k) {
        const Floats g = simd::load(gradient + i, k), y = simd::load(h + i, k),
                     weighted = g * simd::load(w + i, k);
        simd::store(p.ofWeight + i, simd::load(p.ofWeight + i, k) + g * y, k);
        simd::store(p.ofBias + i, simd::load(p.ofBias + i, k) + g, k);
        sum += weighted;
        products += weighted * y;
    });
    if (!p.ofX)
        return;
    const auto count = static_cast<float>(p.n);
    const Floats mean = simd::all(simd::sum(sum) / count), slope = simd::all(simd::sum(products) / count);
    const Floats s = simd::all(inverse);
    float* to = p.ofX.data + row * p.n;
    eachPart(p.n, [&](Index i, int k) {
        const Floats weighted = simd::load(gradient + i, k) * simd::load(w + i, k);
        const Floats d = (weighted - mean - simd::load(h + i, k) * slope) * s;
        simd::store(to + i, p.ofX.adds ? simd::load(to + i, k) + d : d, k);
    });
}

/// The sum of `parts` rows that are `stride` floats apart, in order.
void reduce(const float* parts, Index count, Index stride, Index n, GradientSink out)
{
    if (!out)
        return;
    for (Index i = 0; i < n; ++i) {
        float sum = out.adds ? out.data[i] : 0;
        for (Index p = 0; p < count; ++p)
            sum += parts[p * stride + i];
        out.data[i] = sum;
    }
}

}

void LayerNormBackward::operator()(Run& run, Tape& tape, Tensor gradient) const
{
    const Index n = x.dim(-1), rows = x.count() / n;
    const Index chunk = std::max<Index>(8, divideUp(rows, 64)), tasks = divideUp(rows, chunk);
    Tensor sums = run.make({tasks, 2, n}), scratch = run.make({run.threads(), n});
    float *parts = sums.writable().data(), *memory = scratch.writable().data();
    const GradientSink ofX = tape.sink(run, x);
    run.parallel(tasks, [&](Index task, int worker) {
        float* mine = parts + task * 2 * n;
        std::fill_n(mine, 2 * n, 0.0F);
        const Rowwise p{x.data(), weight.data(), gradient.data(), n, eps, ofX, mine, mine + n};
        for (Index row = task * chunk; row < std::min(rows, (task + 1) * chunk); ++row)
            rowBackward(p, row, memory + worker * n);
    });
    reduce(parts, tasks, 2 * n, n, tape.sink(run, weight));
    reduce(parts + n, tasks, 2 * n, n, tape.sink(run, bias));
}

}
