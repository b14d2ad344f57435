// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/activation_backward.h"

#include "core/nn/chunks.h"

namespace fovea::nn {

namespace {

/// fn(gradient, a vector of x) in the gradient's own memory where nobody else holds it.
template <class Fn>
Tensor changed(Run& run, const Tensor& x, Tensor gradient, Fn fn)
{
    Tensor fresh = gradient.isUnique() ? Tensor() : run.make(x.shape());
    Tensor& out = fresh.defined() ? fresh : gradient;
    float* to = out.writable().data();
    const float *from = gradient.data(), *at = x.data();
    eachVector(run, x.count(),
        [=](Index i, int n) { simd::store(to + i, fn(simd::load(from + i, n), simd::load(at + i, n)), n); });
    return out;
}

}

Tensor times(Run& run, const Tensor& slopes, Tensor gradient)
{
    return changed(run, slopes, std::move(gradient), [](simd::Floats g, simd::Floats s) { return g * s; });
}

Tensor timesSlope(Run& run, const Tensor& x, Activation activation, Tensor gradient)
{
    if (activation == Activation::None)
        return gradient;
    Tensor out;
    withActivation(activation, [&](auto constant) {
        out = changed(run, x, std::move(gradient),
            [constant](simd::Floats g, simd::Floats at) { return g * slope<constant()>(at); });
    });
    return out;
}

}
