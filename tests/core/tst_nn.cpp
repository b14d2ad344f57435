// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/affine.h"
#include "core/nn/elementwise.h"
#include "core/nn/layer_norm.h"
#include "core/nn/linear.h"
#include "core/nn/softmax.h"
#include "core/nn/tokens.h"

#include "tests/support/naive.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::test;
using nn::Activation;

namespace {

const Weights none = weightsOf({});

Doubles each(const Tensor& x, double (*fn)(double))
{
    Doubles y = x.toDoubles();
    std::ranges::transform(y, y.begin(), fn);
    return y;
}

struct Named {
    const char* name;
    Activation activation;
    double (*naive)(double);
};
constexpr Named activations[] = {{"relu", Activation::Relu, naiveRelu}, {"gelu", Activation::Gelu, naiveGelu},
    {"gelu_tanh", Activation::GeluTanh, naiveGeluTanh},
    {"quick_gelu", Activation::QuickGelu, naiveQuickGelu}};

}

class TestNn : public QObject {
    Q_OBJECT
private slots:
    void linearEqualsTheNaiveLoop_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("in");
        QTest::addColumn<int>("out");
        const int sizes[][3] = {{1, 1, 1}, {2, 3, 5}, {12, 16, 32}, {13, 17, 33}, {5, 40, 31}, {37, 65, 66},
            {197, 48, 70}, {250, 20, 10}, {481, 7, 40}, {14, 1024, 33}, // that: rows whole pages apart
            {1452, 768, 1}, {1584, 768, 1}, {2904, 768, 1}}; // blocks that do not come out even
        for (const auto& s : sizes)
            QTest::addRow("%d x %d -> %d", s[0], s[1], s[2]) << s[0] << s[1] << s[2];
    }
    void linearEqualsTheNaiveLoop()
    {
        QFETCH(const int, rows);
        QFETCH(const int, in);
        QFETCH(const int, out);
        const Tensor x = noise({rows, in}, "x"), w = noise({out, in}, "w"), b = noise({out}, "b");
        NamedTensors tensors;
        tensors.set("biased.weight", w);
        tensors.set("biased.bias", b);
        tensors.set("plain.weight", w);
        const Weights weights = weightsOf(tensors);
        Run run(weights);
        QVERIFY(relativeDifference(nn::linear(run, x, "biased").toDoubles(), naiveLinear(x, w, b)) < 2e-6);
        QVERIFY(relativeDifference(nn::linear(run, x, "plain").toDoubles(), naiveLinear(x, w, {})) < 2e-6);
        QVERIFY(relativeDifference(nn::affine(run, x, w, b).toDoubles(), naiveLinear(x, w, b)) < 2e-6);
    }

    // Sums of thousands in a row would be wrong by 1e-5 here, and attention patterns multiply that.
    void linearIsExactInLongSums()
    {
        const Tensor x = noise({24, 3072}, "x"), w = noise({70, 3072}, "w");
        NamedTensors tensors;
        tensors.set("fc.weight", w);
        const Weights weights = weightsOf(tensors);
        Run run(weights);
        QVERIFY(relativeDifference(nn::linear(run, x, "fc").toDoubles(), naiveLinear(x, w, {})) < 2.5e-6);
    }

    void linearKeepsLeadingAxesAndActivates()
    {
        const Tensor x = noise({2, 7, 20}, "x", 3), w = noise({9, 5, 2, 2}, "w"), b = noise({9}, "b");
        NamedTensors tensors;
        tensors.set("a.fc.weight", w);
        tensors.set("a.fc.bias", b);
        const Weights weights = weightsOf(tensors);
        Run run(weights);
        const auto scope = run.in("a");
        for (const Named& a : activations) {
            const Tensor y = nn::linear(run, x, "fc", a.activation);
            QCOMPARE(y.shape().text(), std::string("[2, 7, 9]"));
            Doubles expected = naiveLinear(x, w, b);
            std::ranges::transform(expected, expected.begin(), a.naive);
            QVERIFY2(relativeDifference(y.toDoubles(), expected) < 2e-6, a.name);
        }
    }

    void missingWeightIsNamed()
    {
        Run run(none);
        const auto scope = run.in("blocks.0");
        FOVEA_THROWS(nn::linear(run, noise({1, 4}, "x"), "fc1"), Error, "blocks.0.fc1.weight");
    }

    void activationsEqualTheNaiveOnes()
    {
        Run run(none);
        Tensor x({40001});
        for (std::size_t i = 0; i < 40001; ++i)
            x.writable()[i] = (static_cast<float>(i) - 20000) / 2000;
        for (const Named& a : activations) {
            QCOMPARE(nn::activationNamed(a.name), a.activation);
            const Doubles found = nn::activate(run, x, a.activation).toDoubles(), expected = each(x, a.naive);
            for (std::size_t i = 0; i < found.size(); ++i)
                QVERIFY2(
                    std::abs(found[i] - expected[i]) <= 3e-7 * std::max(std::abs(expected[i]), 0.5), a.name);
        }
        FOVEA_THROWS(nn::activationNamed("swish"), Error, "quick_gelu", "swish");
    }

    void activationsAtTheEnds()
    {
        Run run(none);
        const float ends[] = {-1e30F, -100, -0.0F, 100, 1e30F, NAN};
        const Tensor x = Tensor::of<float>({6}, ends);
        for (const Named& a : activations) {
            const Tensor y = nn::activate(run, x, a.activation);
            QCOMPARE(y.data()[1], 0.0F);
            QCOMPARE(y.data()[3], 100.0F);
            QCOMPARE(y.data()[4], 1e30F);
            QVERIFY2(std::isnan(y.data()[5]), a.name);
        }
    }

    void layerNormEqualsTheNaiveLoop()
    {
        for (const int channels : {1, 3, 16, 31, 192, 197}) {
            const Tensor x = noise({3, 41, channels}, "x", 5), w = noise({channels}, "w"),
                         b = noise({channels}, "b");
            NamedTensors tensors;
            tensors.set("norm.weight", w);
            tensors.set("norm.bias", b);
            const Weights weights = weightsOf(tensors);
            Run run(weights);
            for (const double eps : {1e-6, 1e-2})
                QVERIFY(relativeDifference(
                            nn::layerNorm(run, x, "norm", eps).toDoubles(), naiveLayerNorm(x, w, b, eps))
                    < 2e-6);
        }
    }

    void softmaxEqualsTheNaiveLoop()
    {
        Run run(none);
        for (const int n : {1, 2, 15, 16, 17, 64, 197}) {
            const Tensor x = noise({3, 29, n}, "x", 30);
            const Doubles expected = naiveSoftmax(x.toDoubles(), static_cast<std::size_t>(n));
            // of the rms, which the largest element is eight times: 4 ulp of that (v2, without FMA, needs 3)
            QVERIFY(relativeDifference(nn::softmax(run, x).toDoubles(), expected) < 4e-6);
        }
    }

    void softmaxOfExtremesIsFinite()
    {
        Run run(none);
        const float row[] = {-1e30F, 88, 1e4F, -INFINITY, 1e4F};
        const Tensor y = nn::softmax(run, Tensor::of<float>({1, 5}, row));
        const float expected[] = {0, 0, 0.5F, 0, 0.5F};
        QVERIFY(y.identical(Tensor::of<float>({1, 5}, expected)));
    }

    void sumsAreSpreadOverSamples()
    {
        Run run(none);
        const Tensor a = noise({2, 5, 7}, "a"), b = noise({1, 5, 7}, "b");
        const Tensor y = nn::add(run, a, b), z = nn::scaled(run, a, -2);
        for (Index i = 0; i < 70; ++i) {
            QCOMPARE(y.data()[i], a.data()[i] + b.data()[i % 35]);
            QCOMPARE(z.data()[i], -2 * a.data()[i]);
        }
    }

    void patchesAreFlattenedByChannelRowColumn()
    {
        Run run(none);
        const Index batch = 2, channels = 3, height = 8, width = 12, p = 4;
        const Tensor image = noise({batch, channels, height, width}, "image");
        const Tensor patches = nn::unfoldPatches(run, image, p);
        QCOMPARE(patches.shape().text(), std::string("[2, 6, 48]"));
        for (Index i = 0; i < patches.count(); ++i) {
            const Index x = i % p, y = i / p % p, c = i / p / p % channels, token = i / 48 % 6,
                        b = i / 48 / 6;
            const Index row = token / 3 * p + y, col = token % 3 * p + x;
            QCOMPARE(patches.data()[i], image.data()[((b * channels + c) * height + row) * width + col]);
        }
    }

    void tokensAreJoinedTakenAndPooled()
    {
        Run run(none);
        const Tensor cls = noise({1, 1, 5}, "cls"), x = noise({2, 3, 5}, "x");
        const Tensor joined = nn::concatTokens(run, std::vector<Tensor>{cls, x});
        QCOMPARE(joined.shape().text(), std::string("[2, 4, 5]"));
        QVERIFY(nn::takeToken(run, joined, 0).rows(1, 2).identical(cls.reshaped({1, 5})));
        QVERIFY(nn::takeToken(run, joined, 3).rows(0, 1).identical(x.at(0).rows(2, 3)));
        const Tensor mean = nn::meanTokens(run, joined, 1);
        for (Index c = 0; c < 5; ++c) {
            const float* sample = x.at(1).data() + c;
            QVERIFY(std::abs(mean.at(1).data()[c] - (sample[0] + sample[5] + sample[10]) / 3) < 1e-6F);
        }
    }
};

QTEST_APPLESS_MAIN(TestNn)
#include "tst_nn.moc"
