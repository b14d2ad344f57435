// Analyses of attention against cases solved by hand.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/attention_stats.h"
#include "core/analysis/head_fusion.h"
#include "core/analysis/rollout.h"
#include "core/analysis/special_tokens.h"
#include "core/tensor/error.h"

#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::analysis;

namespace {

using Floats = std::vector<float>;

/// An Attention record [group, head, query, key] over one layout.
std::shared_ptr<Record> attention(
    const Shape& shape, const Floats& values, const LayoutPtr& layout, const char* path = "attn.pattern")
{
    auto record = std::make_shared<Record>();
    record->info = {path, Kind::Attention, "", 0, "b"};
    record->value = Tensor::of<float>(shape, values);
    record->axes = defaultAxes(record->info, shape);
    record->queries = record->keys = layout;
    return record;
}

/// A record that keeps only factors: with k_j = e_j and scale 1 the scores are q itself.
std::shared_ptr<Record> factored(const Tensor& scores, const LayoutPtr& layout)
{
    const Index n = scores.dim(0);
    auto record = attention({1, 1, n, n}, Floats(static_cast<std::size_t>(n * n)), layout);
    record->value = {};
    Tensor identity = Tensor::zeros({1, 1, n, n}), logSum({1, 1, n});
    for (Index i = 0; i < n; ++i) {
        identity.writable()[static_cast<std::size_t>(i * n + i)] = 1;
        double sum = 0;
        for (Index j = 0; j < n; ++j)
            sum += std::exp(scores.data()[i * n + j]);
        logSum.writable()[static_cast<std::size_t>(i)] = static_cast<float>(std::log(sum));
    }
    record->factors = {scores.reshaped({1, 1, n, n}), identity, logSum, 1};
    return record;
}

Floats floats(const Tensor& t) { return {t.values<float>().begin(), t.values<float>().end()}; }

bool near(double found, double expected) { return std::abs(found - expected) < 1e-6; }

const LayoutPtr two = TokenLayout::image(1, 2, 20, 10);
const LayoutPtr withCls = TokenLayout::image(1, 2, 20, 10, {"cls"});

}

class TestAnalysis : public QObject {
    Q_OBJECT
private slots:
    void uniformAttentionHasEntropyOne()
    {
        QVERIFY(near(normalisedEntropy(Floats{0.25F, 0.25F, 0.25F, 0.25F}), 1));
        QVERIFY(near(normalisedEntropy(Floats{0, 1, 0}), 0));
        QVERIFY(near(normalisedEntropy(Floats{0.5F, 0.5F, 0, 0}), 0.5)); // log 2 / log 4
        QVERIFY(near(normalisedEntropy(Floats{1}), 0));
    }

    void marginsAreMeansAndEntropies()
    {
        const Tensor map = Tensor::of<float>({2, 2}, Floats{1, 0, 0.5F, 0.5F});
        const auto received = receivedPerKey(map), entropy = entropyPerQuery(map);
        QVERIFY(near(received[0], 0.75) && near(received[1], 0.25));
        QVERIFY(near(entropy[0], 0) && near(entropy[1], 1));
    }

    void identityAttentionStaysWhereItIs()
    {
        const HeadStats stats = headStats(*attention({1, 1, 2, 2}, {1, 0, 0, 1}, two))[0];
        QVERIFY(near(stats.entropy, 0) && near(stats.distance, 0) && near(stats.specialShare, 0));
        QVERIFY(near(stats.uniformDistance, 5)); // 0 and 10 pixels, from either patch
    }

    void uniformAttentionHasTheUniformDistance()
    {
        const LayoutPtr grid = TokenLayout::image(2, 2, 20, 20);
        const HeadStats stats = headStats(*attention({1, 1, 4, 4}, Floats(16, 0.25F), grid))[0];
        QVERIFY(near(stats.entropy, 1));
        QVERIFY(near(stats.uniformDistance, (0 + 10 + 10 + 10 * std::sqrt(2.0)) / 4));
        QVERIFY(near(stats.distance, stats.uniformDistance));
    }

    void distanceIsBetweenPatchesRenormalised()
    {
        // cls keeps half of each row; of the rest patch 1 looks away, patch 2 half and half
        const HeadStats stats = headStats(
            *attention({1, 1, 3, 3}, {0, 0.5F, 0.5F, 0.5F, 0, 0.5F, 0.5F, 0.25F, 0.25F}, withCls))[0];
        QVERIFY(near(stats.distance, (10 + 5) / 2.0));
        QVERIFY(near(stats.specialShare, (0 + 0.5 + 0.5) / 3));
    }

    void textHasNoPatchesWhereAllIsSpecial()
    {
        const LayoutPtr onlyCls = TokenLayout::image(0, 0, 0, 0, {"cls", "dist"});
        const HeadStats stats = headStats(*attention({1, 1, 2, 2}, Floats(4, 0.5F), onlyCls))[0];
        QVERIFY(std::isnan(stats.distance) && std::isnan(stats.uniformDistance));
        QVERIFY(near(stats.specialShare, 1));
    }

    void windowsAreMeasuredByTheirTokens()
    {
        // two windows of one query; each sees its own patch and the other: all attention goes to the other
        const auto record = attention({2, 1, 1, 2}, {0, 1, 0, 1}, two);
        record->queryIndex = Tensor::of<std::int32_t>({2, 1}, std::vector<std::int32_t>{0, 1});
        record->keyIndex = Tensor::of<std::int32_t>({2, 2}, std::vector<std::int32_t>{0, 1, 1, 0});
        QVERIFY(near(headStats(*record)[0].distance, 10));
    }

    void statisticsAreARecord()
    {
        const Record stats
            = headStatistics(*attention({1, 2, 2, 2}, {1, 0, 0, 1, 0.5F, 0.5F, 0.5F, 0.5F}, two));
        QCOMPARE(test::text(stats.value.shape()), QString("[2, 4]"));
        QCOMPARE(stats.axes[1].labels[0], std::string("entropy"));
        QCOMPARE(floats(stats.value), (Floats{0, 0, 5, 0, 1, 5, 5, 0}));
    }

    void headsAreFused()
    {
        const auto record = attention({1, 2, 1, 2}, {0.25F, 0.75F, 0.5F, 0.5F}, two);
        QCOMPARE(floats(fuseHeads(*record, 0, Fusion::Mean)), (Floats{0.375F, 0.625F}));
        QCOMPARE(floats(fuseHeads(*record, 0, Fusion::Min)), (Floats{0.25F, 0.5F}));
        QCOMPARE(floats(fuseHeads(*record, 0, Fusion::Max)), (Floats{0.5F, 0.75F}));
        QVERIFY(fusionOf("min") == Fusion::Min);
        FOVEA_THROWS(fusionOf("median"), Error, "mean, min or max", "median");
    }

    void rolloutMultipliesTheLayers()
    {
        // A1 = [[1, 0], [1/2, 1/2]], A2 = [[0, 1], [1, 0]]; with r = 1/2: B1 = [[1, 0], [1/4, 3/4]],
        // B2 = [[1/2, 1/2], [1/2, 1/2]], B2 B1 = [[5/8, 3/8], [5/8, 3/8]]
        const std::vector<RecordPtr> layers{
            attention({1, 1, 2, 2}, {1, 0, 0.5F, 0.5F}, two), attention({1, 1, 2, 2}, {0, 1, 1, 0}, two)};
        QCOMPARE(floats(rollout(layers).value), (Floats{0.625F, 0.375F, 0.625F, 0.375F}));
        QCOMPARE(floats(rollout(layers, {.startLayer = 1}).value), Floats(4, 0.5F));
        QCOMPARE(floats(rollout(layers, {.residual = 0}).value), (Floats{0.5F, 0.5F, 1, 0})); // A2 A1
        QCOMPARE(floats(rollout(layers, {.residual = 1}).value), (Floats{1, 0, 0, 1}));
        QCOMPARE(rollout(layers).queries, two);
    }

    void rolloutNormalisesWhatFusionLeft()
    {
        // the minimum of the two heads is [[0.2, 0.4], [0, 0]]: rows (1/3, 2/3) and nothing
        const std::vector<RecordPtr> layers{
            attention({1, 2, 2, 2}, {0.2F, 0.8F, 0, 1, 0.6F, 0.4F, 1, 0}, two)};
        const Floats rows = floats(rollout(layers, {.residual = 0.5, .fusion = Fusion::Min}).value);
        QVERIFY(near(rows[0], (0.1 + 0.5) / 0.8) && near(rows[1], 0.2 / 0.8));
        QVERIFY(near(rows[2], 0) && near(rows[3], 1));
    }

    /// Against the formulas of the header, written down as loops.
    void rolloutIsThatOfANaiveLoop_data()
    {
        QTest::addColumn<int>("start");
        QTest::addColumn<double>("residual");
        QTest::addColumn<QString>("fusion");
        QTest::addColumn<double>("discard");
        QTest::newRow("plain") << 0 << 0.5 << "mean" << 0.0;
        QTest::newRow("discard") << 0 << 0.5 << "mean" << 0.9;
        QTest::newRow("max, discard") << 0 << 0.5 << "max" << 0.6;
        QTest::newRow("min, later, discard") << 1 << 0.25 << "min" << 0.34;
        QTest::newRow("no residual") << 2 << 0.0 << "mean" << 0.5;
        QTest::newRow("all discarded") << 0 << 0.5 << "mean" << 1.0;
    }

    void rolloutIsThatOfANaiveLoop()
    {
        QFETCH(int, start);
        QFETCH(double, residual);
        QFETCH(QString, fusion);
        QFETCH(double, discard);
        constexpr int n = 5, heads = 3, depth = 4;
        std::vector<RecordPtr> layers;
        std::vector<double> product;
        for (int layer = 0; layer < depth; ++layer) {
            Floats values(n * n * heads);
            for (std::size_t i = 0; i < values.size(); ++i) // distinct, in no order
                values[i]
                    = static_cast<float>((i * 37 + static_cast<std::size_t>(layer) * 11) % 101 + 1) / 101;
            layers.push_back(attention({1, heads, n, n}, values, TokenLayout::image(1, n, n, 1)));
            if (layer < start)
                continue;
            std::vector<double> a(n * n);
            for (std::size_t i = 0; i < a.size(); ++i) {
                const double x = values[i], y = values[i + n * n], z = values[i + 2 * n * n];
                a[i] = fusion == "min" ? std::min({x, y, z})
                    : fusion == "max"  ? std::max({x, y, z})
                                       : (x + y + z) / 3;
            }
            std::vector<double> sorted = a;
            std::sort(sorted.begin(), sorted.end());
            const auto gone = static_cast<std::size_t>(discard * n * n);
            for (std::size_t i = 1; i < a.size(); ++i)
                if (gone == a.size() || a[i] < sorted[gone])
                    a[i] = 0;
            for (int i = 0; i < n; ++i) {
                double sum = 0;
                for (int j = 0; j < n; ++j)
                    sum += a[static_cast<std::size_t>(i * n + j)]
                        = (1 - residual) * a[static_cast<std::size_t>(i * n + j)] + (i == j ? residual : 0);
                for (int j = 0; j < n && sum > 0; ++j)
                    a[static_cast<std::size_t>(i * n + j)] /= sum;
            }
            if (product.empty()) {
                product = a;
                continue;
            }
            std::vector<double> next(n * n);
            for (int i = 0; i < n; ++i)
                for (int j = 0; j < n; ++j)
                    for (int k = 0; k < n; ++k)
                        next[static_cast<std::size_t>(i * n + j)] += a[static_cast<std::size_t>(i * n + k)]
                            * product[static_cast<std::size_t>(k * n + j)];
            product = next;
        }
        Config config(rolloutSchema());
        config.set("rollout_start", std::int64_t{start});
        config.set("rollout_residual", residual);
        config.set("rollout_fusion", fusion.toStdString());
        config.set("rollout_discard", discard);
        const Floats found = floats(rollout(layers, rolloutOptions(config)).value);
        for (std::size_t i = 0; i < product.size(); ++i)
            QVERIFY2(near(found[i], product[i]), qPrintable(QString::number(i)));
    }

    void rolloutRefusesWhatHasNoProduct()
    {
        const auto square = attention({1, 1, 2, 2}, {1, 0, 0, 1}, two, "a.pattern");
        const auto larger = attention({1, 1, 3, 3}, Floats(9, 1), withCls, "b.pattern");
        const auto windows = attention({2, 1, 2, 2}, Floats(8, 0.5F), two, "c.pattern");
        const auto moved
            = attention({1, 1, 2, 2}, {1, 0, 0, 1}, TokenLayout::image(2, 1, 10, 20), "d.pattern");
        FOVEA_THROWS(rollout({square, larger}), Error, "b.pattern", "[1, 1, 3, 3]");
        FOVEA_THROWS(rollout({windows}), Error, "c.pattern");
        FOVEA_THROWS(rollout({square, moved}), Error, "d.pattern", "tokens");
        FOVEA_THROWS(rollout({square}, {.startLayer = 1}), Error, "start layer 1 of 1");
        FOVEA_THROWS(rollout({}), Error, "0 attention layers");
    }

    void specialKeysAreLeftOut()
    {
        const auto record = attention({1, 1, 3, 3}, {0.2F, 0.4F, 0.4F, 0.5F, 0.5F, 0, 1, 0, 0}, withCls);
        const RecordPtr few = withoutSpecialKeys(record);
        QCOMPARE(test::text(few->value.shape()), QString("[1, 1, 3, 2]"));
        QCOMPARE(floats(few->value), (Floats{0.5F, 0.5F, 1, 0, 0, 0}));
        QCOMPARE(few->keys->tokens(), 2);
        QCOMPARE(few->keys->tokenAt({15, 5}), 1);
        QCOMPARE(few->queries, record->queries);
        const auto plain = attention({1, 1, 2, 2}, {1, 0, 0, 1}, two);
        QCOMPARE(withoutSpecialKeys(plain), RecordPtr(plain)); // nothing to leave out: the same record
        const auto all = attention({1, 1, 1, 1}, {1}, TokenLayout::image(0, 0, 0, 0, {"cls"}));
        QCOMPARE(withoutSpecialKeys(all), RecordPtr(all)); // nothing would remain
    }

    void specialKeysOfWindowsAreLeftOut()
    {
        const auto record = attention({2, 1, 1, 2}, {0.25F, 0.75F, 0.5F, 0.5F}, withCls);
        record->queryIndex = Tensor::of<std::int32_t>({2, 1}, std::vector<std::int32_t>{1, 2});
        record->keyIndex = Tensor::of<std::int32_t>({2, 2}, std::vector<std::int32_t>{0, 2, 0, 1});
        const RecordPtr few = withoutSpecialKeys(record);
        QCOMPARE(floats(few->value), (Floats{1, 1}));
        QCOMPARE(keyToken(*few, 0, 0), 1);
        QCOMPARE(keyToken(*few, 1, 0), 0);
        record->keyIndex = Tensor::of<std::int32_t>({2, 2}, std::vector<std::int32_t>{0, 2, 1, 2});
        FOVEA_THROWS(withoutSpecialKeys(record), Error, "attn.pattern", "some groups");
    }

    void factorsServeAsWellAsPatterns()
    {
        const Tensor scores = Tensor::of<float>({3, 3}, Floats{0, 1, 2, 3, 0, 1, 1, 1, 0});
        const auto factors = factored(scores, withCls);
        const auto kept = attention({1, 1, 3, 3}, floats(attentionMap(*factors, {})), withCls);
        const HeadStats a = headStats(*factors)[0], b = headStats(*kept)[0];
        QVERIFY(near(a.entropy, b.entropy) && near(a.distance, b.distance)
            && near(a.specialShare, b.specialShare));
        QVERIFY(
            test::relativeDifference(rollout({factors, factors}).value, rollout({kept, kept}).value) < 1e-6);
        const RecordPtr few = withoutSpecialKeys(factors);
        QVERIFY(!few->value.defined());
        QVERIFY(test::relativeDifference(attentionMap(*few, {}), withoutSpecialKeys(kept)->value.at(0).at(0))
            < 1e-6);
    }
};

QTEST_APPLESS_MAIN(TestAnalysis)
#include "tst_analysis.moc"
