// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/dropout.h"
#include "core/nn/elementwise.h"
#include "core/nn/layer_norm.h"
#include "core/nn/linear.h"
#include "core/nn/softmax.h"
#include "core/nn/tokens.h"

#include "tests/support/gradient.h"

using namespace fovea;
using namespace fovea::test;
using nn::Activation;

namespace {

using Naive = double (*)(double);

double same(double x) { return x; }

struct Named {
    const char* name;
    Activation activation;
    Naive naive;
};
constexpr Named activations[] = {{"none", Activation::None, same}, {"relu", Activation::Relu, naiveRelu},
    {"gelu", Activation::Gelu, naiveGelu}, {"gelu_tanh", Activation::GeluTanh, naiveGeluTanh},
    {"quick_gelu", Activation::QuickGelu, naiveQuickGelu}};

Differentiated linearCase(Index rows, Index in, Index out, const Named& activation, bool hasBias = true)
{
    Differentiated d;
    d.inputs = named({{"x", {rows, in}}});
    d.parameters = named({{"fc.weight", {out, in}}});
    if (hasBias)
        d.parameters.set("fc.bias", noise({out}, "fc.bias"));
    d.run = [activation](Run& run, const NamedTensors& t) {
        return nn::linear(run, t["x"], "fc", activation.activation);
    };
    d.naive = [=](const DoublesByName& t) {
        const Doubles &x = t.at("x"), &w = t.at("fc.weight");
        Doubles y(static_cast<std::size_t>(rows * out));
        for (std::size_t i = 0; i < y.size(); ++i) {
            const auto row = i / static_cast<std::size_t>(out), column = i % static_cast<std::size_t>(out);
            const auto k = static_cast<std::size_t>(in);
            double sum = hasBias ? t.at("fc.bias")[column] : 0;
            for (std::size_t j = 0; j < k; ++j)
                sum += x[row * k + j] * w[column * k + j];
            y[i] = activation.naive(sum);
        }
        return y;
    };
    return d;
}

Differentiated layerNormCase(Index rows, Index n)
{
    Differentiated d;
    d.inputs = named({{"x", {rows, n}}});
    d.parameters = named({{"norm.weight", {n}}, {"norm.bias", {n}}});
    d.run = [](Run& run, const NamedTensors& t) { return nn::layerNorm(run, t["x"], "norm", 1e-3); };
    d.naive = [](const DoublesByName& t) {
        return naiveLayerNorm(t.at("x"), t.at("norm.weight"), t.at("norm.bias"), 1e-3);
    };
    return d;
}

}

class TestGradientNn : public QObject {
    Q_OBJECT
private slots:
    void linearsAgreeWithCentralDifferences_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("in");
        QTest::addColumn<int>("out");
        const int sizes[][3] = {{1, 1, 1}, {2, 3, 5}, {12, 16, 32}, {13, 17, 33}, {37, 65, 66}, {300, 20, 10},
            {490, 9, 33}, {5, 150, 70}, {260, 5, 300}, {260, 270, 3},
            {13, 2, 1024}}; // the last: gradients whole pages apart
        for (const auto& s : sizes)
            QTest::addRow("%d x %d -> %d", s[0], s[1], s[2]) << s[0] << s[1] << s[2];
    }
    void linearsAgreeWithCentralDifferences()
    {
        QFETCH(const int, rows);
        QFETCH(const int, in);
        QFETCH(const int, out);
        FOVEA_GRADIENTS_AGREE(linearCase(rows, in, out, activations[0]));
        FOVEA_GRADIENTS_AGREE(linearCase(rows, in, out, activations[0], false));
    }

    void fusedActivationsAgreeWithCentralDifferences_data() { addActivations(); }
    void fusedActivationsAgreeWithCentralDifferences()
    {
        FOVEA_GRADIENTS_AGREE(linearCase(7, 19, 37, chosen()));
    }

    void activationsAgreeWithCentralDifferences_data() { addActivations(); }
    void activationsAgreeWithCentralDifferences()
    {
        const Named named = chosen();
        FOVEA_GRADIENTS_AGREE(ofX(
            {3, 41},
            [named](Run& run, const Tensor& x) {
                return nn::activate(run, nn::scaled(run, x, 4), named.activation);
            },
            [named](Doubles x) {
                for (double& v : x)
                    v = named.naive(4 * v);
                return x;
            }));
    }

    void layerNormsAgreeWithCentralDifferences()
    {
        for (const auto& [rows, n] : {std::pair<Index, Index>{1, 5}, {3, 32}, {9, 37}, {130, 19}})
            FOVEA_GRADIENTS_AGREE(layerNormCase(rows, n));
    }

    /// The rows of all other tokens are left out of the backward.
    void oneTokenReadAgreesWithCentralDifferences()
    {
        const Shape x{2, 20, 9};
        for (const Named& activation : {activations[0], activations[2]}) {
            Differentiated linear = linearCase(40, 9, 33, activation);
            linear.inputs = named({{"x", x}});
            for (const Index token : {0, 3, 19})
                FOVEA_GRADIENTS_AGREE(readingToken(linear, 2, 20, token));
        }
        Differentiated norm = layerNormCase(40, 9);
        norm.inputs = named({{"x", x}});
        FOVEA_GRADIENTS_AGREE(readingToken(norm, 2, 20, 3));
    }
    /// Two gradients of few rows, added.
    void oneTokenOfAStreamAgreesWithCentralDifferences()
    {
        Differentiated d;
        d.inputs = named({{"x", {2, 20, 5}}});
        d.parameters = named({{"fc.weight", {5, 5}}});
        d.run = [](Run& run, const NamedTensors& t) {
            const Tensor h = nn::linear(run, t["x"], "fc");
            return nn::add(run, h, nn::linear(run, h, "fc"));
        };
        d.naive = [](const DoublesByName& t) {
            const auto times = [&w = t.at("fc.weight")](const Doubles& x) {
                Doubles y(x.size());
                for (std::size_t i = 0; i < y.size(); ++i)
                    for (std::size_t j = 0; j < 5; ++j)
                        y[i] += x[i / 5 * 5 + j] * w[i % 5 * 5 + j];
                return y;
            };
            const Doubles h = times(t.at("x"));
            Doubles y = times(h);
            for (std::size_t i = 0; i < y.size(); ++i)
                y[i] += h[i];
            return y;
        };
        FOVEA_GRADIENTS_AGREE(readingToken(d, 2, 20, 7));
    }

    void softmaxesAgreeWithCentralDifferences()
    {
        for (const Index n : {1, 7, 16, 45})
            FOVEA_GRADIENTS_AGREE(ofX(
                {4, n}, [](Run& run, const Tensor& x) { return nn::softmax(run, x); },
                [n](const Doubles& x) { return naiveSoftmax(x, static_cast<std::size_t>(n)); }));
    }

    /// What dropout let through is linear: the factors are read off a run on ones.
    void dropoutsAgreeWithCentralDifferences()
    {
        using Drop = Tensor (*)(Run&, const Tensor&, double, std::string_view);
        for (const Drop drop : {Drop(nn::dropout), Drop(nn::dropPath)}) {
            const Weights none = weightsOf({});
            RunOptions training;
            training.isTraining = true;
            Run run(none, training);
            const Tensor ones = Tensor::full({64, 5, 3}, 1);
            const Doubles factors = drop(run, ones, 0.25, "d").toDoubles();
            Differentiated d = ofX(
                ones.shape(), [drop](Run& r, const Tensor& x) { return drop(r, x, 0.25, "d"); },
                [factors](Doubles x) {
                    std::ranges::transform(x, factors, x.begin(), std::multiplies<>());
                    return x;
                });
            d.isTraining = true;
            FOVEA_GRADIENTS_AGREE(d);
        }
    }

    void threadsChangeNoBit()
    {
        for (Differentiated d : {linearCase(500, 70, 150, activations[2]), layerNormCase(530, 37)}) {
            const EngineGradients alone = engineGradients(d);
            for (const int threads : {2, 3}) {
                d.threads = threads;
                const EngineGradients team = engineGradients(d);
                for (const auto& [name, gradient] : alone.gradients)
                    QVERIFY2(gradient.identical(team.gradients[name]), name.c_str());
            }
        }
    }

    void channelScalesAgreeWithCentralDifferences()
    {
        for (const auto& [rows, channels] : {std::pair{1, 1}, {5, 3}, {37, 20}, {700, 4}}) {
            Differentiated d;
            d.inputs = named({{"x", {rows, channels}}, {"w", {channels}}});
            d.run
                = [](Run& run, const NamedTensors& in) { return nn::scaledChannels(run, in["x"], in["w"]); };
            d.naive = [](const DoublesByName& in) {
                Doubles y = in.at("x");
                for (std::size_t i = 0; i < y.size(); ++i)
                    y[i] *= in.at("w")[i % in.at("w").size()];
                return y;
            };
            FOVEA_GRADIENTS_AGREE(d);
        }
    }

    void patchesOfTokensAgreeWithCentralDifferences()
    {
        for (const auto& [rows, cols, patch] :
            {std::array<Index, 3>{4, 6, 2}, {5, 5, 2}, {3, 7, 3}, {1, 2, 1}}) {
            const Index channels = 3;
            const auto naive = [=](const Doubles& x) { // [2, rows * cols, channels]
                Doubles y;
                for (Index b = 0; b < 2; ++b)
                    for (Index row = 0; row < rows / patch; ++row)
                        for (Index col = 0; col < cols / patch; ++col)
                            for (Index c = 0; c < channels; ++c)
                                for (Index i = 0; i < patch * patch; ++i) {
                                    const Index at = (b * rows + row * patch + i / patch) * cols + col * patch
                                        + i % patch;
                                    y.push_back(x[static_cast<std::size_t>(at * channels + c)]);
                                }
                return y;
            };
            FOVEA_GRADIENTS_AGREE(ofX(
                {2, rows * cols, channels},
                [=](Run& run, const Tensor& x) { return nn::unfoldTokens(run, x, rows, cols, patch); },
                naive));
        }
    }

private:
    static void addActivations()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < 5; ++i)
            QTest::newRow(activations[i].name) << i;
    }
    static Named chosen()
    {
        QFETCH(const int, index);
        return activations[index];
    }
};

QTEST_APPLESS_MAIN(TestGradientNn)
#include "tst_gradient_nn.moc"
