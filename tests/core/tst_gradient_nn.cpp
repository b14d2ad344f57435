// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/custom.h"
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

NamedTensors named(std::initializer_list<std::pair<const char*, Shape>> shapes)
{
    NamedTensors all;
    for (const auto& [name, shape] : shapes)
        all.set(name, noise(shape, name));
    return all;
}

double same(double x) { return x; }

/// An operation of x alone.
template <class Fn>
Differentiated ofX(const Shape& shape, Fn fn, std::function<Doubles(const Doubles&)> naive)
{
    return {named({{"x", shape}}), {}, [fn](Run& run, const NamedTensors& in) { return fn(run, in["x"]); },
        [naive = std::move(naive)](const DoublesByName& in) { return naive(in.at("x")); }};
}

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
    d.naive = [n](const DoublesByName& t) {
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
            {5, 150, 70}, {13, 2, 1024}}; // the last: gradients whole pages apart
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

    void softmaxesAgreeWithCentralDifferences()
    {
        for (const Index n : {1, 7, 16, 45})
            FOVEA_GRADIENTS_AGREE(ofX(
                {4, n}, [](Run& run, const Tensor& x) { return nn::softmax(run, x); },
                [n](const Doubles& x) { return naiveSoftmax(x, static_cast<std::size_t>(n)); }));
    }

    void sumsAgreeWithCentralDifferences()
    {
        Differentiated d;
        d.run = [](Run& run, const NamedTensors& t) { return nn::add(run, t["a"], t["b"]); };
        for (const Index samples : {3, 1}) {
            d.inputs = named({{"a", {3, 5, 7}}, {"b", {samples, 5, 7}}});
            d.naive = [](const DoublesByName& t) {
                Doubles y = t.at("a");
                for (std::size_t i = 0; i < y.size(); ++i)
                    y[i] += t.at("b")[i % t.at("b").size()];
                return y;
            };
            FOVEA_GRADIENTS_AGREE(d);
        }
    }

    /// x + x, and a sum with something that nobody watches.
    void aSumOfOneTensorWithItselfCountsTwice()
    {
        FOVEA_GRADIENTS_AGREE(ofX(
            {2, 3},
            [](Run& run, const Tensor& x) {
                return nn::add(run, nn::add(run, x, x), noise({2, 3}, "constant"));
            },
            [](Doubles x) {
                const Doubles constant = noise({2, 3}, "constant").toDoubles();
                for (std::size_t i = 0; i < x.size(); ++i)
                    x[i] = 2 * x[i] + constant[i];
                return x;
            }));
    }

    void patchesAgreeWithCentralDifferences()
    {
        FOVEA_GRADIENTS_AGREE(ofX(
            {2, 3, 8, 12},
            [](Run& run, const Tensor& x) {
                return nn::activate(run, nn::unfoldPatches(run, x, 4), Activation::Gelu);
            },
            [](const Doubles& x) {
                Doubles y(x.size());
                for (std::size_t i = 0; i < y.size(); ++i) {
                    const std::size_t col = i % 4, row = i / 4 % 4, c = i / 16 % 3, token = i / 48 % 6,
                                      b = i / 288;
                    y[i] = naiveGelu(x[((b * 3 + c) * 8 + token / 3 * 4 + row) * 12 + token % 3 * 4 + col]);
                }
                return y;
            }));
    }

    /// Tokens joined (one part for every sample), one taken and the mean of the rest, both used.
    void tokensAgreeWithCentralDifferences()
    {
        Differentiated d;
        d.inputs = named({{"cls", {1, 1, 5}}, {"x", {2, 3, 5}}});
        d.run = [](Run& run, const NamedTensors& t) {
            const Tensor all = nn::concatTokens(run, std::vector<Tensor>{t["cls"], t["x"]});
            const Tensor y = nn::activate(run, all, Activation::Gelu);
            return nn::add(run, nn::takeToken(run, y, 1), nn::meanTokens(run, nn::add(run, y, all), 0));
        };
        d.naive = [](const DoublesByName& t) {
            Doubles y(10);
            for (std::size_t i = 0; i < 10; ++i) {
                const auto at = [&](std::size_t token) {
                    return token == 0 ? t.at("cls")[i % 5] : t.at("x")[(i / 5 * 3 + token - 1) * 5 + i % 5];
                };
                y[i] = naiveGelu(at(1));
                for (std::size_t token = 0; token < 4; ++token)
                    y[i] += (naiveGelu(at(token)) + at(token)) / 4;
            }
            return y;
        };
        FOVEA_GRADIENTS_AGREE(d);
    }

    void viewsShareTheGradientOfTheirTensor()
    {
        FOVEA_GRADIENTS_AGREE(ofX(
            {4, 6},
            [](Run& run, const Tensor& x) {
                const Tensor y = nn::scaled(run, x, 3), first = y.rows(0, 2), last = y.rows(2, 4);
                return nn::add(run, nn::activate(run, first, Activation::Gelu).reshaped({1, 12}),
                    nn::add(run, first.reshaped({1, 12}), last.reshaped({1, 12})));
            },
            [](const Doubles& x) {
                Doubles y(12);
                for (std::size_t i = 0; i < 12; ++i)
                    y[i] = naiveGelu(3 * x[i]) + 3 * x[i] + 3 * x[i + 12];
                return y;
            }));
    }

    void customOperationsBringTheirBackward()
    {
        Differentiated d;
        d.inputs = named({{"a", {3, 4}}, {"b", {3, 4}}});
        d.run = [](Run& run, const NamedTensors& t) {
            const auto product = [](Run& r, const Tensor& x, const Tensor& y) {
                Tensor out = r.make(x.shape());
                for (std::size_t i = 0; i < 12; ++i)
                    out.writable()[i] = x.values<float>()[i] * y.values<float>()[i];
                return out;
            };
            const auto forward = [&](Run& r) { return product(r, t["a"], t["b"]); };
            return nn::custom(
                run, {t["a"], t["b"]}, forward, [product](Run& r, const nn::CustomBackward& of) {
                    return std::vector<Tensor>{
                        product(r, of.gradient, of.inputs[1]), product(r, of.gradient, of.inputs[0])};
                });
        };
        d.naive = [](const DoublesByName& t) {
            Doubles y = t.at("a");
            for (std::size_t i = 0; i < y.size(); ++i)
                y[i] *= t.at("b")[i];
            return y;
        };
        FOVEA_GRADIENTS_AGREE(d);
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
        for (Differentiated d : {linearCase(300, 70, 150, activations[2]), layerNormCase(530, 37)}) {
            const EngineGradients alone = engineGradients(d);
            for (const int threads : {2, 3}) {
                d.threads = threads;
                const EngineGradients team = engineGradients(d);
                for (const auto& [name, gradient] : alone.gradients)
                    QVERIFY2(gradient.identical(team.gradients[name]), name.c_str());
            }
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
