// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/evit/evit.h"

#include "core/analysis/token_fates.h"

#include "tests/plugins/token_reduction_room.h"

#include <set>

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::evit::Evit evit;

/// Stages in blocks 1 and 3 of four, on 64 patches.
Config small(Answers fields = {})
{
    fields.try_emplace("drop_at", "1,3");
    return roomyConfig(evit, fields);
}

}

class TestEvit : public QObject {
    Q_OBJECT
private slots:
    void keepingAllEqualsAPlainDeit()
    {
        const QString file = QString(FOVEA_SHARED) + "/golden/deit_tiny_patch16_224.json";
        if (!QFile::exists(file))
            QSKIP("the official golden files are not beside this checkout (../shared/golden)");
        const Config config
            = configWith(evit, presetConfig(evit, "deit_tiny_patch16_224"), {{"keep_rate", "1"}});
        QCOMPARE(firstDivergence(*ruleRun(evit, config), readGolden(file), 1e-4), QString());
    }

    void keepsTheCeilingOfTheRate()
    {
        const TracePtr fused = ruleRun(evit, small({{"keep_rate", "0.6"}}));
        QCOMPARE(fused->find("blocks.1.out")->value.dim(0), Index{1 + 39 + 1}); // ceil(38.4), the fused one
        QCOMPARE(fused->find("blocks.3.out")->value.dim(0), Index{1 + 24 + 1}); // ceil(.6 * 40)
        const TracePtr dropped = ruleRun(evit, small({{"keep_rate", "0.6"}, {"fuse", "false"}}));
        QCOMPARE(dropped->find("blocks.3.out")->value.dim(0), Index{1 + 24}); // ceil(.6 * 39)
    }

    void keepsWhatTheClassTokenLooksAt()
    {
        const TracePtr trace = ruleRun(evit, small());
        const RecordPtr pattern = trace->find("blocks.1.attn.pattern"); // [1, head, query, key]
        const std::vector<double> values = pattern->value.toDoubles();
        const Index heads = pattern->value.dim(1), n = pattern->value.dim(2);
        std::vector<std::pair<double, int>> byAttention;
        for (int token = 1; token < n; ++token) {
            double sum = 0;
            for (Index h = 0; h < heads; ++h)
                sum += values[static_cast<std::size_t>(h * n * n + token)];
            byAttention.emplace_back(-sum, token);
        }
        std::ranges::sort(byAttention);
        std::vector<int> expected{0};
        for (std::size_t i = 0; i < 45; ++i) // ceil(.7 * 64)
            expected.push_back(byAttention[i].second);
        std::ranges::sort(expected);
        QCOMPARE(left(*trace, 0), expected);
    }

    void theFusedTokenCoversWhatWent()
    {
        const TracePtr trace = ruleRun(evit, small());
        const LayoutPtr layout = trace->find("blocks.1.out")->queries;
        std::set<int> cells;
        for (int token = 0; token < layout->tokens(); ++token)
            cells.insert(layout->cells(token).begin(), layout->cells(token).end());
        QCOMPARE(static_cast<int>(cells.size()), 64);
        QCOMPARE(static_cast<int>(layout->cells(layout->tokens() - 1).size()), 64 - 45);
    }

    void keptSetsAreNested()
    {
        const TracePtr trace = ruleRun(evit, small({{"drop_at", "1,2,3"}}));
        for (std::size_t stage = 1; stage < 3; ++stage) {
            QVERIFY(std::ranges::includes(left(*trace, stage - 1), left(*trace, stage)));
            QVERIFY(left(*trace, stage).size() < left(*trace, stage - 1).size());
            QCOMPARE(left(*trace, stage).front(), 0);
        }
        const auto fates = analysis::tokenFates(*trace);
        QVERIFY(fates.has_value());
        QCOMPARE(fates->groupCount(), 3);
    }

    void aBatchGivesWhatEachSampleGives_data()
    {
        QTest::addColumn<QString>("edit");
        QTest::addColumn<bool>("fuses");
        for (const bool fuses : {true, false}) {
            QTest::newRow(fuses ? "fused" : "dropped") << "" << fuses;
            // samples then keep different numbers
            QTest::newRow(fuses ? "fused, kept" : "dropped, kept") << "stages.0.keep.7=keep" << fuses;
            QTest::newRow(fuses ? "fused, dropped" : "dropped, dropped") << "stages.0.keep.9=drop" << fuses;
        }
    }
    void aBatchGivesWhatEachSampleGives()
    {
        QFETCH(const QString, edit);
        QFETCH(const bool, fuses);
        std::vector<std::string> edits;
        if (!edit.isEmpty())
            edits.push_back(edit.toStdString());
        QCOMPARE(batchDifference(evit, small({{"fuse", fuses ? "true" : "false"}}), edits), QString());
    }

    /// Beside others that lose one: what is fused of it is nothing, and nobody looks there.
    void aSampleCanLoseNothing()
    {
        const Config config = small({{"keep_rate", "0.98"}, {"drop_at", "1"}}); // 63 of 64
        const Tensor three = ruleInput({3, 3, 32, 32});
        const std::vector<int> kept = left(*ruleRun(evit, config, {}, three.rows(1, 2)), 0);
        QCOMPARE(static_cast<int>(kept.size()), 64);
        int gone = 1;
        while (std::ranges::count(kept, gone) > 0)
            ++gone;
        QCOMPARE(
            batchDifference(evit, config, {"stages.0.keep." + std::to_string(gone) + "=keep"}), QString());
    }

    void aFateCanBeForced()
    {
        const std::vector<int> plain = left(*ruleRun(evit, small()), 0);
        int gone = 1;
        while (std::ranges::count(plain, gone) > 0)
            ++gone;
        const TracePtr forced = ruleRun(evit, small(), {"stages.0.keep." + std::to_string(gone) + "=keep"});
        std::vector<int> expected = plain;
        expected.push_back(gone);
        std::ranges::sort(expected);
        QCOMPARE(left(*forced, 0), expected);
        const TracePtr dropped
            = ruleRun(evit, small(), {"stages.0.keep." + std::to_string(plain[1]) + "=drop"});
        QVERIFY(std::ranges::count(left(*dropped, 0), plain[1]) == 0);
        QCOMPARE(left(*ruleRun(evit, small(), {"stages.0.keep.*=drop"}), 1), std::vector<int>{0});
    }

    /// An edit of the attention that decides is an edit of the decision.
    void anEditedPatternDecides()
    {
        const std::vector<int> plain = left(*ruleRun(evit, small()), 0);
        const std::string first = std::to_string(plain[1]);
        const TracePtr edited = ruleRun(evit, small(), {"blocks.1.attn.pattern.*.cls." + first + "=off"});
        QVERIFY(std::ranges::count(left(*edited, 0), plain[1]) == 0);
        QCOMPARE(left(*edited, 0).size(), plain.size());
    }

    void badFieldsAreNamed_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("message");
        QTest::newRow("beyond") << "drop_at"
                                << "1,4"
                                << "field 'drop_at': expected numbers of blocks that ascend, below depth, 4";
        QTest::newRow("twice") << "drop_at"
                               << "2,2"
                               << "field 'drop_at': expected numbers of blocks that ascend";
        QTest::newRow("none") << "drop_at"
                              << ""
                              << "field 'drop_at': expected numbers";
        QTest::newRow("headless") << "class_token"
                                  << "false"
                                  << "field 'pool': expected mean where there is no class_token";
        QTest::newRow("mean") << "pool"
                              << "mean"
                              << "field 'class_token': expected a class token that the head reads";
    }
    void badFieldsAreNamed()
    {
        QFETCH(const QString, field);
        QFETCH(const QString, value);
        QFETCH(const QString, message);
        Config config = small();
        config.setText(field.toStdString(), value.toStdString());
        QVERIFY2(errorOf(evit, config).startsWith(message), qPrintable(errorOf(evit, config)));
    }
    void aRateOfNothingIsRefused()
    {
        FOVEA_THROWS(configWith(evit, small(), {{"keep_rate", "0"}}), UsageError, "keep_rate");
        FOVEA_THROWS(configWith(evit, small(), {{"keep_rate", "1.1"}}), UsageError, "keep_rate");
    }
};

QTEST_APPLESS_MAIN(TestEvit)
#include "tst_evit.moc"
