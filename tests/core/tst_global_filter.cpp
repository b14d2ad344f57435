// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/global_filter.h"

#include "tests/support/gradient.h"
#include "tests/support/naive_fft.h"

using namespace fovea;
using namespace fovea::test;

namespace {

const Weights none = weightsOf({});

struct Size {
    int rows, cols, channels, samples;
};

constexpr Size sizes[] = {{1, 1, 1, 1}, {1, 6, 3, 2}, {5, 1, 4, 1}, {4, 4, 16, 2}, {7, 7, 20, 2},
    {8, 6, 17, 1}, {3, 5, 36, 3}, {14, 14, 33, 1}, {6, 9, 32, 2}, {14, 14, 16, 2}};

void addSizes()
{
    QTest::addColumn<int>("index");
    for (int i = 0; i < static_cast<int>(std::size(sizes)); ++i) {
        const Size& s = sizes[i];
        QTest::addRow("%d of %d x %d, %d channels", s.samples, s.rows, s.cols, s.channels) << i;
    }
}

Shape tokensOf(const Size& s) { return {s.samples, s.rows * s.cols, s.channels}; }
Shape filterOf(const Size& s) { return {s.rows, s.cols / 2 + 1, s.channels, 2}; }

Tensor filtered(const Tensor& x, const Tensor& filter, const Size& s, int threads = 1)
{
    RunOptions options;
    options.pool = std::make_shared<Pool>(threads);
    Run run(none, options);
    return nn::globalFilter(run, x, filter, s.rows, s.cols);
}

/// One number for every frequency and channel.
Tensor constantFilter(const Size& s, float real)
{
    Tensor filter(filterOf(s));
    const auto values = filter.writable();
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = i % 2 == 0 ? real : 0;
    return filter;
}

}

class TestGlobalFilter : public QObject {
    Q_OBJECT
private slots:
    void itEqualsTheNaiveTransforms_data() { addSizes(); }
    void itEqualsTheNaiveTransforms()
    {
        QFETCH(const int, index);
        const Size s = sizes[index];
        const Tensor x = noise(tokensOf(s), "x"), k = noise(filterOf(s), "k"); // k is no real kernel's
        const Doubles expected = naiveGlobalFilter(x.toDoubles(), k.toDoubles(), s.rows, s.cols, s.channels);
        QVERIFY(relativeDifference(filtered(x, k, s).toDoubles(), expected) < 1e-6);
    }

    void gradientsAgreeWithCentralDifferences_data() { addSizes(); }
    void gradientsAgreeWithCentralDifferences()
    {
        QFETCH(const int, index);
        const Size s = sizes[index];
        if (s.rows * s.cols * s.channels > 2000)
            return; // the twin is slow
        Differentiated d;
        d.inputs = named({{"x", tokensOf(s)}, {"k", filterOf(s)}});
        d.run = [s](Run& run, const NamedTensors& in) {
            return nn::globalFilter(run, in["x"], in["k"], s.rows, s.cols);
        };
        d.naive = [s](const DoublesByName& in) {
            return naiveGlobalFilter(in.at("x"), in.at("k"), s.rows, s.cols, s.channels);
        };
        FOVEA_GRADIENTS_AGREE(d);
    }

    void theFilterAsASignalLetsGradientsThrough()
    {
        const Size s{4, 5, 3, 2};
        Differentiated d;
        d.inputs = named({{"x", tokensOf(s)}, {"k", filterOf(s)}});
        d.run = [s](Run& run, const NamedTensors& in) {
            const Tensor shown = nn::filterFromPairs(run, in["k"]);
            return nn::globalFilter(run, in["x"], nn::pairsFromFilter(run, shown), s.rows, s.cols);
        };
        d.naive = [s](const DoublesByName& in) {
            return naiveGlobalFilter(in.at("x"), in.at("k"), s.rows, s.cols, s.channels);
        };
        FOVEA_GRADIENTS_AGREE(d);
    }

    void theFilterAsASignalHasChannelsFirst()
    {
        Run run(none);
        const Tensor pairs = noise({3, 4, 5, 2}, "pairs");
        const Tensor filter = nn::filterFromPairs(run, pairs);
        QCOMPARE(filter.shape(), (Shape{1, 5, 3, 4}));
        const auto value
            = filter.values<std::complex<float>>()[static_cast<std::size_t>((4 * 3 + 2) * 4 + 1)];
        const auto at = static_cast<std::size_t>(((2 * 4 + 1) * 5 + 4) * 2);
        QCOMPARE(value, std::complex(pairs.data()[at], pairs.data()[at + 1]));
        QVERIFY(nn::pairsFromFilter(run, filter).identical(pairs));
    }

    void oneEverywhereIsTheIdentity()
    {
        for (const Size& s : sizes) {
            const Tensor x = noise(tokensOf(s), "x");
            QVERIFY(relativeDifference(filtered(x, constantFilter(s, 1), s), x) < 1e-6);
        }
    }

    void theZeroFrequencyAloneIsTheMeanToken()
    {
        const Size s{6, 5, 4, 1};
        const Tensor x = noise(tokensOf(s), "x");
        Tensor k = Tensor::zeros(filterOf(s));
        for (std::size_t c = 0; c < 4; ++c)
            k.writable()[2 * c] = 1;
        const Tensor y = filtered(x, k, s);
        for (std::size_t c = 0; c < 4; ++c) {
            double mean = 0;
            for (std::size_t t = 0; t < 30; ++t)
                mean += static_cast<double>(x.data()[4 * t + c]) / 30;
            for (std::size_t t = 0; t < 30; ++t)
                QVERIFY(std::abs(static_cast<double>(y.data()[4 * t + c]) - mean) < 1e-6);
        }
    }

    void anyNumberOfThreadsGivesTheSameBits()
    {
        const Size s{14, 14, 50, 3};
        const Tensor x = noise(tokensOf(s), "x"), k = noise(filterOf(s), "k");
        QVERIFY(filtered(x, k, s, 3).identical(filtered(x, k, s)));
        const auto gradients = [&](int threads) {
            Differentiated d;
            d.inputs.set("x", x);
            d.inputs.set("k", k);
            d.threads = threads;
            d.run = [s](Run& run, const NamedTensors& in) {
                return nn::globalFilter(run, in["x"], in["k"], s.rows, s.cols);
            };
            return engineGradients(d).gradients;
        };
        const NamedTensors one = gradients(1), three = gradients(3);
        for (const auto& [name, gradient] : one)
            QVERIFY(gradient.identical(three[name]));
    }

    void aSampleIsTheSameAloneAndInABatch()
    {
        const Size s{7, 6, 24, 3}, alone{7, 6, 24, 1};
        const Tensor x = noise(tokensOf(s), "x"), k = noise(filterOf(s), "k");
        const Tensor all = filtered(x, k, s);
        for (Index i = 0; i < 3; ++i)
            QVERIFY(filtered(x.rows(i, i + 1), k, alone).identical(all.rows(i, i + 1)));
    }

    void afterTheFirstTimeNothingIsAllocated()
    {
        const Size s{14, 14, 40, 2};
        NamedTensors tensors;
        tensors.set("complex_weight", noise(filterOf(s), "k"));
        const Weights weights = weightsOf(tensors);
        const Tensor x = noise(tokensOf(s), "x");
        Run run(weights);
        const auto once = [&] {
            const Tensor& k = run.weight("complex_weight");
            return nn::globalFilter(run, x, k, s.rows, s.cols, "complex_weight").identical(filtered(x, k, s));
        };
        QVERIFY(once());
        const std::size_t before = run.options().workspace.allocations();
        QVERIFY(once());
        QCOMPARE(run.options().workspace.allocations(), before);
    }
};

QTEST_APPLESS_MAIN(TestGlobalFilter)
#include "tst_global_filter.moc"
