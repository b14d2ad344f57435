// Derivatives of the nonlinearities: what the backwards of `activate` and `linear` share. Only core/nn
// includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/activation_simd.h"
#include "core/run/run.h"

namespace fovea::nn {

/// d activated(x) / dx
template <Activation activation>
simd::Floats slope(simd::Floats x)
{
    using simd::all;
    if constexpr (activation == Activation::Relu)
        return x > simd::Floats{} ? all(1.0F) : simd::Floats{};
    if constexpr (activation == Activation::Gelu) // Phi(x) + x phi(x)
        return all(0.5F) * (all(1.0F) + simd::erf(x * all(0.70710678F)))
            + x * all(0.39894228F) * simd::exp(all(-0.5F) * x * x);
    if constexpr (activation == Activation::GeluTanh) { // s + x s (1 - s) u' with s = sigmoid(u)
        const simd::Floats s = simd::sigmoid(all(1.59576912F) * (x + all(0.044715F) * x * x * x));
        return s + x * s * (all(1.0F) - s) * all(1.59576912F) * (all(1.0F) + all(0.134145F) * x * x);
    }
    if constexpr (activation == Activation::QuickGelu) {
        const simd::Floats s = simd::sigmoid(all(1.702F) * x);
        return s + all(1.702F) * x * s * (all(1.0F) - s);
    }
    return all(1.0F);
}

/// The gradient times slopes of its shape; in the gradient's own memory where nobody else holds it.
Tensor times(Run& run, const Tensor& slopes, Tensor gradient);
/// The gradient times the activation's slope at x, likewise.
Tensor timesSlope(Run& run, const Tensor& x, Activation activation, Tensor gradient);

}
