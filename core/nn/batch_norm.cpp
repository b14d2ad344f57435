// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/batch_norm.h"

#include "core/nn/chunks.h"
#include "core/nn/row_sums.h"

#include <cmath>

namespace fovea::nn {

using simd::Floats;

namespace {

/// Of each channel; `inverse` is 1 / sqrt(var + eps).
struct ChannelStatistics {
    Tensor mean, inverse;
    bool isOfBatch = false;
};

/// fn(row, first, n) for all parts of all rows, in parallel.
template <class Fn>
void eachRowPart(Run& run, Index rows, Index n, Fn fn)
{
    eachChunk(run, rows, rowsPerTask(n), [&](Index begin, Index end) {
        for (Index row = begin; row < end; ++row)
            eachPart(n, [&](Index i, int k) { fn(row * n, i, k); });
    });
}

Tensor inverseOf(Run& run, const Tensor& variance, double eps)
{
    Tensor inverse = run.make(variance.shape());
    std::ranges::transform(variance.values<float>(), inverse.writable().begin(),
        [eps](float v) { return static_cast<float>(1 / std::sqrt(static_cast<double>(v) + eps)); });
    return inverse;
}

/// The mean over all rows of what `term` makes of part i of a row.
template <class Term>
Tensor meanOfRows(Run& run, const Tensor& x, Term term)
{
    const Index n = x.dim(-1), rows = x.count() / n;
    Tensor mean = sumsOfRows(run, rows, {n}, [&](Index row, float* sums) {
        eachPart(n, [&](Index i, int k) {
            simd::store(
                sums + i, simd::load(sums + i, k) + term(simd::load(x.data() + row * n + i, k), i, k), k);
        });
    });
    for (float& value : mean.writable())
        value /= static_cast<float>(rows);
    return mean;
}

/// What is kept of a running statistic; `share` is that of the batch's number.
Tensor moved(const Tensor& before, const Tensor& batch, double share, double factor)
{
    Tensor after(before.shape());
    for (std::size_t i = 0; i < after.writable().size(); ++i)
        after.writable()[i] = static_cast<float>((1 - share) * static_cast<double>(before.values<float>()[i])
            + share * factor * static_cast<double>(batch.values<float>()[i]));
    return after;
}

ChannelStatistics statisticsOfBatch(
    Run& run, const Tensor& x, std::string_view name, const BatchNormOptions& options)
{
    const Tensor mean = meanOfRows(run, x, [](Floats v, Index, int) { return v; });
    const float* m = mean.data();
    const Tensor variance = meanOfRows(run, x, [m](Floats v, Index i, int k) {
        const Floats d = v - simd::load(m + i, k);
        return d * d;
    });
    const auto rows = static_cast<double>(x.count() / x.dim(-1));
    run.keep(name, ".running_mean", moved(run.weight(name, ".running_mean"), mean, options.momentum, 1));
    run.keep(name, ".running_var",
        moved(
            run.weight(name, ".running_var"), variance, options.momentum, rows > 1 ? rows / (rows - 1) : 1));
    return {mean, inverseOf(run, variance, options.eps), true};
}

/// With h = (x - mean) / s and g the gradient times w: dw = the sum of gradient * h, db = that of the
/// gradient, dx = g / s, less mean(g) + h mean(g h) where mean and s are the batch's own.
struct BatchNormBackward {
    Tensor x, weight, bias;
    ChannelStatistics statistics;

    void operator()(Run& run, Tape& tape, const Tensor& gradient) const
    {
        const Index n = x.dim(-1), rows = x.count() / n;
        const float *from = x.data(), *m = statistics.mean.data(), *s = statistics.inverse.data();
        const auto normed = [=](Index row, Index i, int k) {
            return (simd::load(from + row + i, k) - simd::load(m + i, k)) * simd::load(s + i, k);
        };
        const float *g = gradient.data(), *w = weight.data();
        const Tensor sums = sumsOfRows(run, rows, {2, n}, [&](Index row, float* to) {
            eachPart(n, [&](Index i, int k) {
                const Floats value = simd::load(g + row * n + i, k);
                simd::store(to + i, simd::load(to + i, k) + value * normed(row * n, i, k), k);
                simd::store(to + n + i, simd::load(to + n + i, k) + value, k);
            });
        });
        placeSums(sums.data(), {1, n}, tape.sink(run, weight));
        placeSums(sums.data() + n, {1, n}, tape.sink(run, bias));
        const GradientSink ofX = tape.sink(run, x);
        const Floats share = simd::all(statistics.isOfBatch ? 1 / static_cast<float>(rows) : 0);
        eachRowPart(run, ofX ? rows : 0, n, [&](Index row, Index i, int k) {
            const Floats common
                = simd::load(sums.data() + n + i, k) + normed(row, i, k) * simd::load(sums.data() + i, k);
            const Floats d
                = (simd::load(g + row + i, k) - share * common) * simd::load(w + i, k) * simd::load(s + i, k);
            float* to = ofX.data + row + i;
            simd::store(to, ofX.adds ? simd::load(to, k) + d : d, k);
        });
    }
};

}

Tensor batchNorm(Run& run, const Tensor& x, std::string_view name, const BatchNormOptions& options)
{
    const Index n = x.dim(-1);
    const Tensor &weight = run.weight(name, ".weight"), &bias = run.weight(name, ".bias");
    const Tensor &mean = run.weight(name, ".running_mean"), &variance = run.weight(name, ".running_var");
    const ChannelStatistics statistics = run.isTraining()
        ? statisticsOfBatch(run, x, name, options)
        : ChannelStatistics{mean, inverseOf(run, variance, options.eps)};
    Tensor y = run.make(x.shape());
    const float *from = x.data(), *m = statistics.mean.data(), *s = statistics.inverse.data();
    const float *w = weight.data(), *b = bias.data();
    float* to = y.writable().data();
    eachRowPart(run, x.count() / n, n, [=](Index row, Index i, int k) {
        const Floats h = (simd::load(from + row + i, k) - simd::load(m + i, k)) * simd::load(s + i, k);
        simd::store(to + row + i, h * simd::load(w + i, k) + simd::load(b + i, k), k);
    });
    if (Tape* tape = run.tapeFor(x, weight, bias))
        tape->record(y, BatchNormBackward{x, weight, bias, statistics});
    return y;
}

}
