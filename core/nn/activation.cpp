// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/activation.h"

#include "core/nn/activation_backward.h"
#include "core/nn/chunks.h"

namespace fovea::nn {

Activation activationNamed(std::string_view name)
{
    constexpr std::pair<std::string_view, Activation> names[]
        = {{"none", Activation::None}, {"relu", Activation::Relu}, {"gelu", Activation::Gelu},
            {"gelu_tanh", Activation::GeluTanh}, {"quick_gelu", Activation::QuickGelu}};
    for (const auto& [known, activation] : names)
        if (known == name)
            return activation;
    throw Error("expected an activation (none, relu, gelu, gelu_tanh, quick_gelu), found '"
        + std::string(name) + "'");
}

Tensor activate(Run& run, const Tensor& x, Activation activation)
{
    Tensor out = run.make(x.shape());
    const float* from = x.data();
    float* to = out.writable().data();
    withActivation(activation, [&](auto constant) {
        eachVector(run, x.count(),
            [=](Index i, int n) { simd::store(to + i, activated<constant()>(simd::load(from + i, n)), n); });
    });
    if (Tape* tape = run.tapeFor(x))
        tape->record(out, [x, activation](Run& r, Tape& t, Tensor gradient) {
            t.give(r, x, timesSlope(r, x, activation, std::move(gradient)));
        });
    return out;
}

}
