// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/elementwise.h"
#include "core/nn/linear.h"
#include "core/source/execute_backward.h"

#include "tests/support/naive.h"
#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

using namespace fovea;
using namespace fovea::test;

namespace {

const Weights none = weightsOf({});

Weights twoLayers()
{
    NamedTensors tensors;
    for (const char* name : {"a.weight", "b.weight", "unused.weight"})
        tensors.set(name, noise({3, 3}, name));
    return weightsOf(tensors);
}

RunOptions with(Tape& tape, Probe* probe = nullptr)
{
    RunOptions options;
    options.tape = &tape;
    options.probe = probe;
    return options;
}

/// Keeps what it is shown; puts `replacement` in the place of the signal "first".
struct Noting final : Probe {
    std::vector<std::pair<std::string, Tensor>> shown;
    Tensor replacement;

    Want wants(std::string_view, std::size_t) override { return Want::Value; }
    Tensor show(const Shown& what, const Tensor& value) override
    {
        shown.emplace_back(what.path, value);
        return what.path == "first" && replacement.defined() ? replacement : value;
    }
};

/// Two linear maps, each shown.
Tensor forward(Run& run, const Tensor& x)
{
    const Tensor y = run.show("first", nn::linear(run, x, "a"));
    return run.show("second", nn::linear(run, y, "b"));
}

}

class TestTape : public QObject {
    Q_OBJECT
private slots:
    void onlyWhatIsAskedForIsReached()
    {
        const Weights weights = twoLayers();
        const Tensor x = noise({2, 3}, "x");
        Tape tape({{"b.*"}, {}});
        Run run(weights, with(tape));
        const Tensor y = nn::linear(run, x, "a"), z = nn::linear(run, y, "b");
        QVERIFY(!tape.reaches(x) && !tape.reaches(y) && tape.reaches(z)
            && tape.reaches(*weights.find("b.weight")));
        tape.backward(run, z, Tensor::full(z.shape(), 1));
        const NamedTensors gradients = tape.parameterGradients();
        QCOMPARE(std::distance(gradients.begin(), gradients.end()), 1);
        QVERIFY(gradients.find("b.weight"));
    }

    /// Parameters that the output does not depend on have no gradient: never read, or read and not used.
    void whatTheOutputDoesNotDependOnHasNoGradient()
    {
        const Weights weights = twoLayers();
        const Tensor x = noise({2, 3}, "x"), other = noise({2, 3}, "other");
        Tape tape({{"*"}, {}});
        tape.watch(other);
        Run run(weights, with(tape));
        const Tensor idle = nn::linear(run, x, "b"), y = nn::linear(run, x, "a");
        tape.backward(run, y, Tensor::full(y.shape(), 1));
        QVERIFY(tape.reaches(other) && !tape.gradient(other).defined());
        const NamedTensors gradients = tape.parameterGradients();
        QVERIFY(
            gradients.find("a.weight") && !gradients.find("b.weight") && !gradients.find("unused.weight"));
    }

    void twoUsesOfAParameterAddUp()
    {
        const Weights weights = twoLayers();
        const Tensor x = noise({2, 3}, "x"), ones = Tensor::full({2, 3}, 1);
        const auto gradientOf = [&](int uses) {
            Tape tape({{"a.weight"}, {}});
            Run run(weights, with(tape));
            Tensor y = nn::linear(run, x, "a");
            if (uses == 2)
                y = nn::add(run, y, nn::linear(run, x, "a"));
            tape.backward(run, y, ones);
            return tape.parameterGradients()["a.weight"];
        };
        const Tensor once = gradientOf(1), twice = gradientOf(2);
        for (std::size_t i = 0; i < 9; ++i)
            QCOMPARE(twice.values<float>()[i], 2 * once.values<float>()[i]);
    }

    void theCotangentStaysAsItIs()
    {
        const Tensor x = noise({2, 3}, "x"), cotangent = noise({2, 3}, "c"), copy = cotangent.clone();
        Tape tape;
        tape.watch(x);
        Run run(none, with(tape));
        const Tensor y = nn::add(run, x, nn::activate(run, x, nn::Activation::Gelu));
        tape.backward(run, y, cotangent);
        QVERIFY(cotangent.identical(copy));
        QVERIFY(!tape.gradient(x).identical(copy));
    }

    /// From the last signal to the first, each when it is complete.
    void gradientsOfSignalsAreShownInReverse()
    {
        const Weights weights = twoLayers();
        const Tensor x = noise({2, 3}, "x");
        Tape tape({{}, {"*"}});
        Noting probe;
        Run run(weights, with(tape, &probe));
        const Tensor y = forward(run, x);
        tape.backward(run, y, Tensor::full(y.shape(), 1));
        QCOMPARE(probe.shown.size(), std::size_t{4});
        QCOMPARE(probe.shown[2].first, std::string("grad.second"));
        QVERIFY(probe.shown[2].second.identical(Tensor::full({2, 3}, 1)));
        QCOMPARE(probe.shown[3].first, std::string("grad.first"));
        const Tensor& w = *weights.find("b.weight");
        for (int i = 0; i < 6; ++i) // ones W
            QCOMPARE(
                probe.shown[3].second.data()[i], w.data()[i % 3] + w.data()[3 + i % 3] + w.data()[6 + i % 3]);
    }

    void signalsThatNobodyAskedForHaveNoGradientShown()
    {
        const Weights weights = twoLayers();
        Tape tape({{"*"}, {"second"}});
        Noting probe;
        Run run(weights, with(tape, &probe));
        const Tensor y = forward(run, noise({2, 3}, "x"));
        tape.backward(run, y, Tensor::full(y.shape(), 1));
        QCOMPARE(probe.shown.size(), std::size_t{3});
        QCOMPARE(probe.shown.back().first, std::string("grad.second"));
    }

    /// A probe that says nothing else replaces by constants; the gradient is that of what flowed on.
    void aReplacementIsAConstant()
    {
        const Weights weights = twoLayers();
        const Tensor x = noise({2, 3}, "x");
        Tape tape({{"*"}, {"first"}});
        Noting probe;
        probe.replacement = noise({2, 3}, "replacement");
        Run run(weights, with(tape, &probe));
        const Tensor y = forward(run, x);
        tape.backward(run, y, Tensor::full(y.shape(), 1));
        QCOMPARE(probe.shown.back().first, std::string("grad.first"));
        const NamedTensors gradients = tape.parameterGradients();
        QVERIFY(!gradients.find("a.weight"));
        for (int i = 0; i < 9; ++i)
            QCOMPARE(gradients["b.weight"].data()[i],
                probe.replacement.data()[i % 3] + probe.replacement.data()[3 + i % 3]);
    }

    void cancellingStopsTheBackward()
    {
        const Weights weights = twoLayers();
        Tape tape({{"*"}, {}});
        RunOptions options = with(tape);
        Run run(weights, options);
        const Tensor y = forward(run, noise({2, 3}, "x"));
        options.stop.stop();
        QVERIFY_THROWS_EXCEPTION(Cancelled, tape.backward(run, y, Tensor::full(y.shape(), 1)));
    }

    void patternsThatNameNothingAreRefused()
    {
        const Architecture& toy = *toys::toys().architecture("toy_windows");
        const WeightsPtr weights = toys::toyWeights(toy);
        const Tensor x = toys::toyInput(toy);
        const auto run
            = [&](const BackwardOptions& backward) { executeBackward(toy, *weights, x, backward); };
        FOVEA_THROWS(run({.signalPaths = {"blocks.*"}}), UsageError, "blocks.*", "signal");
        FOVEA_THROWS(run({.parameters = {"bias"}}), UsageError, "bias", "parameter");
        FOVEA_THROWS(
            run({.cotangent = classLogit(3), .signalPaths = {"logits"}}), UsageError, "class 3", "0 to 2");
    }
};

QTEST_APPLESS_MAIN(TestTape)
#include "tst_tape.moc"
