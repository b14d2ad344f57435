// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/activation_backward.h"

#include "core/nn/chunks.h"

namespace fovea::nn {

Tensor timesSlope(Run& run, const Tensor& x, Activation activation, Tensor gradient)
{
    if (activation == Activation::None)
        return gradient;
    Tensor fresh = gradient.isUnique() ? Tensor() : run.make(x.shape()); // else in place
    Tensor& out = fresh.defined() ? fresh : gradient;
    float* to = out.writable().data();
    const float *from = gradient.data(), *at = x.data();
    withActivation(activation, [&](auto constant) {
        eachVector(run, x.count(), [=](Index i, int n) {
            simd::store(to + i, simd::load(from + i, n) * slope<constant()>(simd::load(at + i, n)), n);
        });
    });
    return out;
}

}
