// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/softmax.h"

#include "core/nn/chunks.h"

#include <cmath>

namespace fovea::nn {

using simd::Floats;
using simd::width;

float softmaxRow(float* row, Index n)
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
    return top[0] + std::log(sum);
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
    return out;
}

}
