// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/layer_norm.h"

#include "core/nn/chunks.h"
#include "core/nn/layer_norm_backward.h"

#include <algorithm>
#include <cmath>

namespace fovea::nn {

namespace {

struct Affine {
    const float *weight, *bias;
    float eps;
};

/// Sum of fn over a row, fn acting on each lane by itself.
template <class Fn>
float sumOver(const float* x, Index n, Fn fn)
{
    simd::Floats total{};
    Index i = 0;
    for (; i + simd::width <= n; i += simd::width)
        total += fn(simd::load(x + i));
    float sum = simd::sum(total);
    for (; i < n; ++i)
        sum += fn(simd::all(x[i]))[0];
    return sum;
}

void normalise(const float* x, Index n, const Affine& p, float* y)
{
    const auto count = static_cast<float>(n);
    const float mean = sumOver(x, n, [](simd::Floats v) { return v; }) / count;
    const simd::Floats m = simd::all(mean);
    const float variance = sumOver(x, n, [m](simd::Floats v) { return (v - m) * (v - m); }) / count;
    const simd::Floats s = simd::all(1 / std::sqrt(variance + p.eps));
    Index i = 0;
    for (; i + simd::width <= n; i += simd::width)
        simd::store(y + i, (simd::load(x + i) - m) * s * simd::load(p.weight + i) + simd::load(p.bias + i));
    for (; i < n; ++i)
        y[i] = (x[i] - mean) * s[0] * p.weight[i] + p.bias[i];
}

Tensor normalised(Run& run, const Tensor& x, const Tensor& weight, const Tensor& bias, double eps)
{
    const Index n = x.dim(-1), rows = x.count() / n;
    const Affine p{weight.data(), bias.data(), static_cast<float>(eps)};
    Tensor out = run.make(x.shape());
    const float* from = x.data();
    float* to = out.writable().data();
    eachChunk(run, rows, rowsPerTask(n), [&](Index begin, Index end) {
        for (Index row = begin; row < end; ++row)
            normalise(from + row * n, n, p, to + row * n);
    });
    if (Tape* tape = run.tapeFor(x, weight, bias))
        tape->record(out, LayerNormBackward{x, weight, bias, p.eps});
    return out;
}

}

Tensor layerNorm(Run& run, const Tensor& x, std::string_view name, double eps)
{
    const Tensor &weight = run.weight(name, ".weight"), &bias = run.weight(name, ".bias");
    return normalised(run, x, weight, bias, eps);
}

Tensor layerNorm(Run& run, const Tensor& x, double eps)
{
    Tensor ones = run.make({x.dim(-1)}), zeros = run.make({x.dim(-1)});
    std::ranges::fill(ones.writable(), 1.0F);
    std::ranges::fill(zeros.writable(), 0.0F);
    return normalised(run, x, ones, zeros, eps);
}

}
