// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/softmax.h"

#include "core/nn/chunks.h"

#include <cmath>

namespace fovea::nn {

using simd::Floats;
using simd::width;

float SoftmaxSum::log() const { return most + std::log(sum); }

SoftmaxSum softmaxRow(float* row, Index n)
{
    const Index whole = divideUp(n, width) * width;
    std::fill(row + n, row + whole, -std::numeric_limits<float>::infinity());
    Floats most = simd::load(row);
    for (Index i = width; i < whole; i += width) {
        const Floats x = simd::load(row + i);
        most = x > most ? x : most;
    }
    const Floats top = simd::all(simd::largest(most));
    Floats total{};
    for (Index i = 0; i < whole; i += width) {
        const Floats e = simd::exp(simd::load(row + i) - top);
        simd::store(row + i, e);
        total += e;
    }
    const float sum = simd::sum(total);
    const Floats scale = simd::all(1 / sum);
    for (Index i = 0; i < whole; i += width)
        simd::store(row + i, simd::load(row + i) * scale);
    return {top[0], sum};
}

void softmaxRow(float* row, Index n, const SoftmaxSum& known)
{
    const Index whole = divideUp(n, width) * width;
    std::fill(row + n, row + whole, -std::numeric_limits<float>::infinity());
    const Floats top = simd::all(known.most), scale = simd::all(1 / known.sum);
    for (Index i = 0; i < whole; i += width)
        simd::store(row + i, simd::exp(simd::load(row + i) - top) * scale);
}

Tensor softmax(Run& run, const Tensor& x)
{
    const Index n = x.dim(-1), rows = x.count() / n, room = divideUp(n, width) * width;
    Tensor out = run.make(x.shape());
    Tensor scratch = run.make({run.threads(), room});
    float *buffers = scratch.writable().data(), *to = out.writable().data();
    const float* from = x.data();
    run.parallel(divideUp(rows, rowsPerTask(n)), [&](Index task, int worker) {
        float* row = buffers + worker * room;
        const Index end = std::min(rows, (task + 1) * rowsPerTask(n));
        for (Index i = task * rowsPerTask(n); i < end; ++i) {
            std::copy_n(from + i * n, n, row);
            softmaxRow(row, n);
            std::copy_n(row, n, to + i * n);
        }
    });
    if (Tape* tape = run.tapeFor(x))
        tape->record(out, [x, out](Run& r, Tape& t, Tensor gradient) {
            t.give(r, x, softmaxBackward(r, out, std::move(gradient)));
        });
    return out;
}

void softmaxRowBackward(const float* y, float* gradient, Index n)
{
    Floats total{};
    Index i = 0;
    for (; i + width <= n; i += width)
        total += simd::load(y + i) * simd::load(gradient + i);
    float sum = simd::sum(total);
    for (; i < n; ++i)
        sum += y[i] * gradient[i];
    const Floats mean = simd::all(sum);
    for (i = 0; i + width <= n; i += width)
        simd::store(gradient + i, simd::load(y + i) * (simd::load(gradient + i) - mean));
    for (; i < n; ++i)
        gradient[i] = y[i] * (gradient[i] - sum);
}

Tensor softmaxBackward(Run& run, const Tensor& y, Tensor gradient)
{
    if (!gradient.isUnique()) {
        Tensor own = run.make(gradient.shape());
        std::ranges::copy(gradient.values<float>(), own.writable().begin());
        gradient = own;
    }
    const Index n = y.dim(-1);
    const float* from = y.data();
    float* to = gradient.writable().data();
    eachChunk(run, y.count() / n, rowsPerTask(n), [=](Index begin, Index end) {
        for (Index row = begin; row < end; ++row)
            softmaxRowBackward(from + row * n, to + row * n, n);
    });
    return gradient;
}

}
