// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/conv_depthwise.h"

#include "core/nn/row_sums.h"

#include <algorithm>

namespace fovea::nn {

using simd::Floats;

namespace {

/// fn(tap, the source's pixel under it) for each tap that has one, at a pixel of the target.
template <class Fn>
void eachTap(const Patches& p, Index pixel, Fn fn)
{
    const Index perSample = p.targetRows * p.targetCols, sample = pixel / perSample;
    const Index i = pixel % perSample / p.targetCols, j = pixel % p.targetCols;
    for (Index di = 0; di < p.kernel.rows; ++di) {
        const Index y = p.reach.sourceOf(i, di, p.sourceRows);
        for (Index dj = 0; y >= 0 && dj < p.kernel.cols; ++dj)
            if (const Index x = p.reach.sourceOf(j, dj, p.sourceCols); x >= 0)
                fn(di * p.kernel.cols + dj,
                    p.source + ((sample * p.sourceRows + y) * p.sourceCols + x) * p.stride);
    }
}

/// sums[i] += a[i] * b[i]
void addProducts(const float* a, const float* b, Index n, float* sums)
{
    eachPart(n, [=](Index i, int k) {
        simd::store(sums + i, simd::load(sums + i, k) + simd::load(a + i, k) * simd::load(b + i, k), k);
    });
}

}

Tensor kernelsByTap(Run& run, const Tensor& weight)
{
    const Index channels = weight.dim(0), taps = weight.count() / channels;
    Tensor out = run.isTraining() ? run.make({taps, channels}) : Tensor({taps, channels});
    float* to = out.writable().data();
    for (Index c = 0; c < channels; ++c)
        for (Index tap = 0; tap < taps; ++tap)
            to[tap * channels + c] = weight.data()[c * taps + tap];
    return out;
}

void multiplyByTap(
    Run& run, const Patches& patches, const float* kernels, const float* bias, GradientSink out)
{
    const Index channels = patches.stride, cols = patches.targetCols;
    run.parallel(patches.batch * patches.targetRows, [&](Index row) {
        for (Index pixel = row * cols; pixel < (row + 1) * cols; ++pixel) {
            float* to = out.data + pixel * channels;
            if (bias)
                std::copy_n(bias, channels, to);
            else if (!out.adds)
                std::fill_n(to, channels, 0.0F);
            eachTap(patches, pixel,
                [&](Index tap, const float* x) { addProducts(kernels + tap * channels, x, channels, to); });
        }
    });
}

void DepthwiseBackward::operator()(Run& run, Tape& tape, const Tensor& gradient) const
{
    const GradientSink ofWeight = tape.sink(run, weight);
    const GradientSink ofBias = bias.defined() ? tape.sink(run, bias) : GradientSink{};
    const Index channels = shape.x[3], taps = shape.kernel().taps();
    if (ofWeight || ofBias) { // [tap, C], and the bias behind the last tap
        const Patches patches = shape.patchesOfX(x.data(), 0);
        const Tensor sums
            = sumsOfRows(run, patches.pixels(), {taps + 1, channels}, [&](Index pixel, float* to) {
                  const float* g = gradient.data() + pixel * channels;
                  eachTap(patches, pixel, [&](Index tap, const float* source) {
                      addProducts(g, source, channels, to + tap * channels);
                  });
                  float* ofOne = to + taps * channels;
                  eachPart(channels, [=](Index i, int k) {
                      simd::store(ofOne + i, simd::load(ofOne + i, k) + simd::load(g + i, k), k);
                  });
              });
        placeSums(sums.data(), {taps, channels}, ofWeight, true);
        placeSums(sums.data() + taps * channels, {1, channels}, ofBias);
    }
    if (const GradientSink ofX = tape.sink(run, x))
        multiplyByTap(
            run, shape.patchesOfY(gradient.data(), 0), kernelsByTap(run, weight).data(), nullptr, ofX);
}

}
