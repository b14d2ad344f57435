// The nonlinearities on vectors: what `activate` and the end of `linear` share. Only core/nn includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/activation.h"
#include "core/nn/simd.h"

namespace fovea::nn {

template <Activation activation>
simd::Floats activated(simd::Floats x)
{
    using simd::all;
    if constexpr (activation == Activation::Relu)
        return x < simd::Floats{} ? simd::Floats{} : x;
    if constexpr (activation == Activation::Gelu)
        return all(0.5F) * x * (all(1.0F) + simd::erf(x * all(0.70710678F)));
    if constexpr (activation == Activation::GeluTanh) // (1 + tanh y) / 2 = sigmoid(2 y)
        return x * simd::sigmoid(all(1.59576912F) * (x + all(0.044715F) * x * x * x));
    if constexpr (activation == Activation::QuickGelu)
        return x * simd::sigmoid(all(1.702F) * x);
    return x;
}

/// Calls fn with the activation as a constant, so that its loop is compiled for it.
template <class Fn>
void withActivation(Activation activation, Fn fn)
{
    switch (activation) {
    case Activation::None:
        return fn(std::integral_constant<Activation, Activation::None>());
    case Activation::Relu:
        return fn(std::integral_constant<Activation, Activation::Relu>());
    case Activation::Gelu:
        return fn(std::integral_constant<Activation, Activation::Gelu>());
    case Activation::GeluTanh:
        return fn(std::integral_constant<Activation, Activation::GeluTanh>());
    case Activation::QuickGelu:
        return fn(std::integral_constant<Activation, Activation::QuickGelu>());
    }
}

}
