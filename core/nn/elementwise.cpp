// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/elementwise.h"

#include "core/nn/chunks.h"
#include "core/nn/row_sums.h"

namespace fovea::nn {

Tensor summedOverSamples(Run& run, const Tensor& x)
{
    Shape shape = x.shape();
    shape[0] = 1;
    Tensor out = run.make(shape);
    const Index n = out.count(), samples = x.dim(0);
    const float* from = x.data();
    float* to = out.writable().data();
    eachVector(run, n, [=](Index i, int count) {
        simd::Floats sum = simd::load(from + i, count);
        for (Index s = 1; s < samples; ++s)
            sum += simd::load(from + s * n + i, count);
        simd::store(to + i, sum, count);
    });
    return out;
}

Tensor add(Run& run, const Tensor& a, const Tensor& b)
{
    const Index n = b.count(), repeats = a.count() / n;
    assert(a.shape().tail() == b.shape().tail() && (repeats == 1 || b.dim(0) == 1));
    Tensor out = run.make(a.shape());
    for (Index s = 0; s < repeats; ++s) {
        const float *x = a.data() + s * n, *y = b.data();
        float* z = out.writable().data() + s * n;
        eachVector(run, n, [=](Index i, int count) {
            simd::store(z + i, simd::load(x + i, count) + simd::load(y + i, count), count);
        });
    }
    if (Tape* tape = run.tapeFor(a, b))
        tape->record(out, [a, b](Run& r, Tape& t, const Tensor& gradient) {
            t.give(r, a, gradient);
            t.give(r, b, b.shape() == a.shape() ? gradient : summedOverSamples(r, gradient));
        });
    return out;
}

Tensor scaled(Run& run, const Tensor& x, float factor)
{
    Tensor out = run.make(x.shape());
    const float* from = x.data();
    float* to = out.writable().data();
    eachVector(run, x.count(),
        [=](Index i, int n) { simd::store(to + i, simd::load(from + i, n) * simd::all(factor), n); });
    if (Tape* tape = run.tapeFor(x))
        tape->record(out, [x, factor](Run& r, Tape& t, const Tensor& gradient) {
            t.give(r, x, scaled(r, gradient, factor));
        });
    return out;
}

namespace {

/// out[row, c] = x[row, c] w[c]
void timesChannels(Run& run, const Tensor& x, const Tensor& w, float* out)
{
    const Index n = w.count();
    const float *from = x.data(), *by = w.data();
    eachChunk(run, x.count() / n, rowsPerTask(n), [=](Index begin, Index end) {
        for (Index row = begin; row < end; ++row)
            eachPart(n, [=](Index i, int k) {
                simd::store(out + row * n + i, simd::load(from + row * n + i, k) * simd::load(by + i, k), k);
            });
    });
}

/// sum over rows of x[row, c] y[row, c], in the order of the rows
Tensor productsOfRows(Run& run, const Tensor& x, const Tensor& y, Index n)
{
    const Index rows = x.count() / n, chunk = std::max<Index>(8, divideUp(rows, 64)),
                tasks = divideUp(rows, chunk);
    Tensor sums = run.make({tasks, n}), out = run.make({n});
    const float *a = x.data(), *b = y.data();
    float *parts = sums.writable().data(), *to = out.writable().data();
    run.parallel(tasks, [=](Index task) {
        std::fill_n(parts + task * n, n, 0.0F);
        for (Index row = task * chunk; row < std::min(rows, (task + 1) * chunk); ++row)
            for (Index c = 0; c < n; ++c)
                parts[task * n + c] += a[row * n + c] * b[row * n + c];
    });
    std::fill_n(to, n, 0.0F);
    for (Index task = 0; task < tasks; ++task)
        for (Index c = 0; c < n; ++c)
            to[c] += parts[task * n + c];
    return out;
}

}

Tensor scaledChannels(Run& run, const Tensor& x, const Tensor& w)
{
    assert(w.count() == x.dim(-1));
    Tensor out = run.make(x.shape());
    timesChannels(run, x, w, out.writable().data());
    if (Tape* tape = run.tapeFor(x, w))
        tape->record(out, [x, w](Run& r, Tape& t, const Tensor& gradient) {
            if (t.reaches(w))
                t.give(r, w, productsOfRows(r, x, gradient, w.count()));
            if (!t.reaches(x))
                return;
            Tensor ofX = r.make(x.shape());
            timesChannels(r, gradient, w, ofX.writable().data());
            t.give(r, x, ofX);
        });
    return out;
}

}
