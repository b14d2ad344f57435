// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/tome/tome.h"

#include "core/nn/merged_tokens.h"
#include "core/trace/attention.h"

#include "tests/plugins/token_reduction_room.h"
#include "tests/support/gradient.h"

#include <numeric>
#include <set>

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::tome::Tome tome;

/// Four blocks on 64 patches.
Config small(const Answers& fields = {}) { return roomyConfig(tome, fields); }

double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

}

class TestTome : public QObject {
    Q_OBJECT
private slots:
    void mergingNothingEqualsAPlainDeit()
    {
        const QString file = QString(FOVEA_SHARED) + "/golden/deit_tiny_patch16_224.json";
        if (!QFile::exists(file))
            QSKIP("the official golden files are not beside this checkout (../shared/golden)");
        const Config config = configWith(tome, presetConfig(tome, "deit_tiny_patch16_224"), {{"r", "0"}});
        QCOMPARE(firstDivergence(*ruleRun(tome, config), readGolden(file), 1e-4), QString());
    }

    void eachBlockHasRTokensLess()
    {
        const TracePtr trace = ruleRun(tome, small({{"r", "7"}}));
        for (Index block = 0; block < 4; ++block)
            QCOMPARE(
                trace->find("blocks." + std::to_string(block) + ".out")->value.dim(0), 65 - 7 * (block + 1));
        const TracePtr half = ruleRun(tome, small({{"r", "100"}}));
        QCOMPARE(half->find("blocks.0.out")->value.dim(0), Index{33}); // half of the patches at most
        QCOMPARE(half->find("blocks.3.out")->value.dim(0), Index{5});
        const Answers odd{{"image_size", "20"}, {"class_token", "false"}, {"pool", "mean"}, {"r", "100"}};
        QCOMPARE(ruleRun(tome, small(odd))->find("blocks.0.out")->value.dim(0), Index{25 - 12});
    }

    /// Sizes count patches; what covers them is the layout.
    void nothingIsLost()
    {
        const TracePtr trace = ruleRun(tome, small({{"r", "9"}}));
        for (std::size_t block = 0; block < 4; ++block) {
            const RecordPtr size = trace->find(stageSignal(block, "size"));
            QCOMPARE(sum(size->value.toDoubles()), 65.0);
            const TokenLayout& layout = *size->queries;
            std::set<int> cells;
            for (int token = 0; token < layout.tokens(); ++token) {
                const auto own = layout.cells(token);
                cells.insert(own.begin(), own.end());
                if (!layout.isSpecial(token))
                    QCOMPARE(size->value.toDoubles()[static_cast<std::size_t>(token)],
                        static_cast<double>(own.size()));
            }
            QCOMPARE(static_cast<int>(cells.size()), 64);
            QVERIFY(layout.isSpecial(0)); // the class token stays alone and first
            QCOMPARE(size->value.toDoubles()[0], 1.0);
        }
    }

    void keptSetsAreNested()
    {
        const TracePtr trace = ruleRun(tome, small({{"r", "9"}}));
        std::vector<int> before = left(*trace, 0);
        std::ranges::sort(before);
        for (std::size_t block = 1; block < 4; ++block) {
            std::vector<int> after = left(*trace, block);
            std::ranges::sort(after);
            QVERIFY(std::ranges::includes(before, after));
            before = after;
        }
    }

    void aBatchGivesWhatEachSampleGives_data()
    {
        QTest::addColumn<QString>("edit");
        QTest::newRow("plain") << "";
        QTest::newRow("kept") << "stages.0.keep.6=keep"; // samples then merge different numbers
        QTest::newRow("merged") << "stages.0.keep.8=drop";
        QTest::newRow("all merged") << "stages.1.keep.*=drop";
    }
    void aBatchGivesWhatEachSampleGives()
    {
        QFETCH(const QString, edit);
        std::vector<std::string> edits;
        if (!edit.isEmpty())
            edits.push_back(edit.toStdString());
        QCOMPARE(batchDifference(tome, small({{"r", "12"}}), edits), QString());
    }

    void aFateCanBeForced()
    {
        const std::vector<double> kept = keepField(*ruleRun(tome, small()), 0, 1);
        const auto merged = std::ranges::find(kept, 0.0) - kept.begin();
        QCOMPARE(merged % 2, 0); // it stands at an even place
        const std::string token = std::to_string(merged);
        const TracePtr alone = ruleRun(tome, small(), {"stages.0.keep." + token + "=keep"});
        QVERIFY(std::ranges::count(left(*alone, 0), static_cast<int>(merged)) == 1);
        QCOMPARE(alone->find("blocks.0.out")->value.dim(0), Index{65 - 2});
        // all at even places are merged; the others, and the class token, cannot be
        const TracePtr all = ruleRun(tome, small(), {"stages.0.keep.*=drop"});
        QCOMPARE(all->find("blocks.0.out")->value.dim(0), Index{1 + 32});
        QCOMPARE(left(*all, 0).front(), 0);
    }

    /// Factors that a pattern is made of again hold the bias, too.
    void factorsHoldTheSizes()
    {
        const Config config = small({{"r", "12"}});
        const WeightsPtr weights = ruleWeights(tome, config);
        ExecuteOptions few;
        few.budget = 0;
        const TracePtr whole = ruleRun(tome, config);
        const TracePtr factors = execute(tome, *weights, whole->input, few);
        const RecordPtr expected = whole->find("blocks.3.attn.pattern"),
                        found = factors->find("blocks.3.attn.pattern");
        QVERIFY(found->factors.defined());
        QCOMPARE(found->factors.q.dim(-1), Index{9}); // eight channels and the bias
        const std::vector<float> row = attentionRow(*found, {0, 1}, 5),
                                 same = attentionRow(*expected, {0, 1}, 5);
        for (std::size_t key = 0; key < row.size(); ++key)
            QVERIFY(std::abs(row[key] - same[key]) < 1e-5F);
    }

    void mergedTokensAndTheirGradientsEqualNaiveOnes()
    {
        constexpr Index batch = 2, n = 5, dim = 3, count = 3;
        const std::vector<std::int32_t> to{0, 2, 2, -1, 1, 1, 1, 1, 0, 2};
        const Tensor targets = Tensor::of<std::int32_t>({batch, n}, std::span<const std::int32_t>(to));
        const Tensor weights = ruleParameter("w", {batch, n});
        Differentiated d;
        d.inputs = named({{"x", {batch, n, dim}}});
        d.run = [&](Run& r, const NamedTensors& in) {
            return nn::mergedTokens(r, in["x"], targets, weights, count);
        };
        d.naive = [&](const DoublesByName& in) {
            Doubles out(batch * count * dim);
            for (Index i = 0; i < batch * n; ++i)
                for (Index c = 0; c < dim; ++c)
                    if (const Index target = to[static_cast<std::size_t>(i)]; target >= 0)
                        out[static_cast<std::size_t>((i / n * count + target) * dim + c)]
                            += weights.toDoubles()[static_cast<std::size_t>(i)]
                            * in.at("x")[static_cast<std::size_t>(i * dim + c)];
            return out;
        };
        FOVEA_GRADIENTS_AGREE(d);
    }

    void badFieldsAreNamed()
    {
        FOVEA_THROWS(configWith(tome, small(), {{"r", "-1"}}), UsageError, "r");
        FOVEA_THROWS(configWith(tome, small(), {{"r", "many"}}), UsageError, "r");
        Config config = small();
        config.set("heads", std::int64_t{7});
        QVERIFY(errorOf(tome, config).startsWith("field 'heads'"));
    }
};

QTEST_APPLESS_MAIN(TestTome)
#include "tst_tome.moc"
