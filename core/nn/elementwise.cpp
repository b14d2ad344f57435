// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/elementwise.h"

#include "core/nn/chunks.h"

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

}
