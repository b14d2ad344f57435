// Gradients of what moves numbers about: sums, patches, tokens, views of one tensor, operations of a plugin's
// own.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/activation.h"
#include "core/nn/custom.h"
#include "core/nn/elementwise.h"
#include "core/nn/tokens.h"

#include "tests/support/gradient.h"

using namespace fovea;
using namespace fovea::test;
using nn::Activation;

class TestGradientViews : public QObject {
    Q_OBJECT
private slots:
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

    /// Tokens picked by number, each sample's its own, and tokens weighed.
    void pickedAndWeighedTokensAgreeWithCentralDifferences()
    {
        constexpr std::array<std::int32_t, 6> numbers{3, 0, 4, 1, 2, 0}; // of two samples
        constexpr std::array<float, 6> factors{1, 0, 0.5F, 2, 1, 0};
        Differentiated d;
        d.inputs = named({{"x", {2, 5, 3}}});
        d.run = [&](Run& run, const NamedTensors& t) {
            const Tensor picked = nn::selectTokens(run, t["x"], Tensor::of<std::int32_t>({2, 3}, numbers));
            return nn::scaledTokens(run, picked, Tensor::of<float>({2, 3}, factors));
        };
        d.naive = [&](const DoublesByName& t) {
            Doubles y;
            for (std::size_t i = 0; i < 6; ++i)
                for (std::size_t c = 0; c < 3; ++c)
                    y.push_back(static_cast<double>(factors[i])
                        * t.at("x")[(i / 3 * 5 + static_cast<std::size_t>(numbers[i])) * 3 + c]);
            return y;
        };
        FOVEA_GRADIENTS_AGREE(d);
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
};

QTEST_APPLESS_MAIN(TestGradientViews)
#include "tst_gradient_views.moc"
