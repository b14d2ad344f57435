// Gradients by central differences of a naive double twin, to compare an operation's backward with.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/tokens.h"

#include "tests/support/naive.h"
#include "tests/support/test.h"

#include <functional>
#include <map>

namespace fovea::test {

using DoublesByName = std::map<std::string, Doubles>;
using NaiveFunction = std::function<Doubles(const DoublesByName&)>;

/// An operation: what it reads, how the engine runs it, and its naive twin.
struct Differentiated {
    NamedTensors inputs; ///< handed to `run`
    NamedTensors parameters; ///< read from the weights
    std::function<Tensor(Run&, const NamedTensors&)> run;
    NaiveFunction naive;
    int threads = 1;
    bool isTraining = false;
    NamedTensors fixed = {}; ///< read from the weights too, and without a gradient
};

/// An operation of x alone.
template <class Fn>
Differentiated ofX(const Shape& shape, Fn fn, std::function<Doubles(const Doubles&)> naive)
{
    return {named({{"x", shape}}), {}, [fn](Run& run, const NamedTensors& in) { return fn(run, in["x"]); },
        [naive = std::move(naive)](const DoublesByName& in) { return naive(in.at("x")); }};
}

/// The same of which one token of each sample is read, so that the gradient of all others is 0. The operation
/// makes [B, N, C].
inline Differentiated readingToken(Differentiated d, Index batch, Index tokens, Index token)
{
    d.run = [inner = d.run, token](
                Run& run, const NamedTensors& in) { return nn::takeToken(run, inner(run, in), token); };
    d.naive = [inner = d.naive, batch, tokens, token](const DoublesByName& in) {
        const Doubles all = inner(in);
        const std::ptrdiff_t channels = std::ssize(all) / (batch * tokens);
        Doubles taken;
        for (Index b = 0; b < batch; ++b)
            std::copy_n(all.begin() + (b * tokens + token) * channels, channels, std::back_inserter(taken));
        return taken;
    };
    return d;
}

/// Output and gradients of the engine, for a cotangent of noise.
struct EngineGradients {
    Tensor output, cotangent;
    NamedTensors gradients;
};

inline EngineGradients engineGradients(const Differentiated& d)
{
    NamedTensors all = d.parameters;
    for (const auto& [name, tensor] : d.fixed)
        all.set(name, tensor);
    const Weights weights = weightsOf(all);
    Tape tape({{"*"}, {}});
    for (const auto& [name, tensor] : d.inputs)
        tape.watch(tensor);
    RunOptions options;
    options.tape = &tape;
    options.isTraining = d.isTraining;
    options.pool = std::make_shared<Pool>(d.threads);
    Run run(weights, options);
    EngineGradients result;
    result.output = d.run(run, d.inputs);
    result.cotangent = noise(result.output.shape(), "cotangent");
    tape.backward(run, result.output, result.cotangent);
    result.gradients = tape.parameterGradients();
    for (const auto& [name, tensor] : d.inputs)
        result.gradients.set(name, tape.gradient(tensor));
    return result;
}

/// d (cotangent . naive) / d element of one input.
inline double centralDifference(const NaiveFunction& naive, DoublesByName inputs, const std::string& name,
    std::size_t i, const Doubles& c)
{
    constexpr double step = 1e-5;
    const double at = inputs[name][i];
    double difference = 0;
    for (const double sign : {1.0, -1.0}) {
        inputs[name][i] = at + sign * step;
        const Doubles y = naive(inputs);
        for (std::size_t j = 0; j < y.size(); ++j)
            difference += sign * c[j] * y[j];
    }
    return difference / (2 * step);
}

/// Says which gradient differs from central differences, at up to 60 elements of each; empty: none by more
/// than `tolerance` of their root mean square.
inline QString differenceFromNumeric(const Differentiated& d, double tolerance = 1e-5)
{
    const EngineGradients found = engineGradients(d);
    DoublesByName values;
    for (const NamedTensors* all : {&d.inputs, &d.parameters})
        for (const auto& [name, tensor] : *all)
            values[name] = tensor.toDoubles();
    const double forward = relativeDifference(found.output.toDoubles(), d.naive(values));
    if (!(forward < tolerance))
        return QString("the output differs by %1").arg(forward);
    for (const auto& [name, value] : values) {
        const Tensor* gradient = found.gradients.find(name);
        if (!gradient || !gradient->defined() || gradient->count() != static_cast<Index>(value.size()))
            return QString("no gradient of %1").arg(QString::fromStdString(name));
        const Doubles all = gradient->toDoubles();
        Doubles some, expected;
        for (std::size_t i = 0; i < value.size(); i += 1 + value.size() / 60) {
            some.push_back(all[i]);
            expected.push_back(centralDifference(d.naive, values, name, i, found.cotangent.toDoubles()));
        }
        const double difference = relativeDifference(some, expected);
        if (!(difference < tolerance))
            return QString("the gradient of %1 differs by %2")
                .arg(QString::fromStdString(name))
                .arg(difference);
    }
    return {};
}

/// Fails with the name of the gradient that is wrong.
#define FOVEA_GRADIENTS_AGREE(...)                                                                           \
    do {                                                                                                     \
        const QString wrong = fovea::test::differenceFromNumeric(__VA_ARGS__);                               \
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));                                                        \
    } while (false)

}
