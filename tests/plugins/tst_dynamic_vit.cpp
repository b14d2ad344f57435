// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/dynamic_vit/dynamic_vit.h"

#include "tests/plugins/token_reduction_room.h"

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::dynamic_vit::DynamicVit dynamicVit;

/// Stages before blocks 1 and 3 of four, on 64 patches.
Config small(Answers fields = {})
{
    fields.try_emplace("drop_at", "1,3");
    return roomyConfig(dynamicVit, fields);
}

}

class TestDynamicVit : public QObject {
    Q_OBJECT
private slots:
    void keepingAllEqualsAPlainDeit()
    {
        const QString file = QString(FOVEA_SHARED) + "/golden/deit_tiny_patch16_224.json";
        if (!QFile::exists(file))
            QSKIP("the official golden files are not beside this checkout (../shared/golden)");
        const Config config
            = configWith(dynamicVit, presetConfig(dynamicVit, "deit_tiny_patch16_224"), {{"keep", "1"}});
        QCOMPARE(firstDivergence(*ruleRun(dynamicVit, config), readGolden(file), 1e-4), QString());
    }

    /// rho, rho^2 of all patches, rounded down.
    void keepsPowersOfTheShare()
    {
        const TracePtr trace = ruleRun(dynamicVit, small({{"keep", "0.7"}}));
        QCOMPARE(static_cast<int>(left(*trace, 0).size()), 1 + 44); // 44.8
        QCOMPARE(static_cast<int>(left(*trace, 1).size()), 1 + 31); // 31.36
        QCOMPARE(trace->find("blocks.3.out")->value.dim(0), Index{32});
    }

    void keptSetsAreNestedAndOfTheHighestScores()
    {
        const TracePtr trace = ruleRun(dynamicVit, small({{"drop_at", "1,2,3"}}));
        QVERIFY(std::ranges::includes(left(*trace, 0), left(*trace, 1)));
        QVERIFY(std::ranges::includes(left(*trace, 1), left(*trace, 2)));
        QCOMPARE(left(*trace, 1).front(), 0);
        const std::vector<double> score = keepField(*trace, 0, 0), kept = keepField(*trace, 0, 1);
        double lowestKept = 1, highestGone = 0;
        for (std::size_t token = 1; token < score.size(); ++token) {
            QVERIFY(score[token] > 0 && score[token] < 1); // a probability
            if (kept[token] != 0)
                lowestKept = std::min(lowestKept, score[token]);
            else
                highestGone = std::max(highestGone, score[token]);
        }
        QVERIFY(highestGone > 0 && highestGone <= lowestKept);
    }

    void aBatchGivesWhatEachSampleGives_data()
    {
        QTest::addColumn<QString>("edit");
        QTest::newRow("plain") << "";
        QTest::newRow("kept") << "stages.0.keep.7=keep"; // samples then keep different numbers
        QTest::newRow("dropped") << "stages.0.keep.9=drop";
    }
    void aBatchGivesWhatEachSampleGives()
    {
        QFETCH(const QString, edit);
        std::vector<std::string> edits;
        if (!edit.isEmpty())
            edits.push_back(edit.toStdString());
        QCOMPARE(batchDifference(dynamicVit, small(), edits), QString());
    }

    void aFateCanBeForced()
    {
        const std::vector<int> plain = left(*ruleRun(dynamicVit, small()), 0);
        const TracePtr dropped
            = ruleRun(dynamicVit, small(), {"stages.0.keep." + std::to_string(plain[1]) + "=drop"});
        std::vector<int> expected = plain;
        expected.erase(expected.begin() + 1);
        QCOMPARE(left(*dropped, 0), expected);
        const TracePtr nothing = ruleRun(dynamicVit, small(), {"stages.0.keep.*=drop"});
        QCOMPARE(left(*nothing, 1), std::vector<int>{0});
        for (const double logit : nothing->output.toDoubles())
            QVERIFY(std::isfinite(logit));
    }

    void badFieldsAreNamed_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("message");
        QTest::newRow("beyond") << "drop_at"
                                << "1,4"
                                << "field 'drop_at': expected numbers of blocks that ascend, below depth, 4";
        QTest::newRow("odd") << "dim"
                             << "27"
                             << "field 'dim': expected a multiple of 4";
        QTest::newRow("nothing left") << "keep"
                                      << "0.02"
                                      << "field 'keep': expected a share of which the last stage still keeps";
    }
    void badFieldsAreNamed()
    {
        QFETCH(const QString, field);
        QFETCH(const QString, value);
        QFETCH(const QString, message);
        Config config = small();
        config.setText(field.toStdString(), value.toStdString());
        QVERIFY2(errorOf(dynamicVit, config).startsWith(message), qPrintable(errorOf(dynamicVit, config)));
    }

    void anOfficialFileIsRecognised()
    {
        std::vector<TensorOutline> tensors;
        const Config config = presetConfig(dynamicVit, "deit_small_patch16_224");
        for (const ParameterInfo& info : dynamicVit.manifest(config))
            tensors.push_back({info.name, info.shape});
        const auto recognised = dynamicVit.recognise(tensors, {});
        QVERIFY(recognised.has_value());
        QCOMPARE(recognised->config.text("drop_at"), std::string("3,6,9"));
        QCOMPARE(recognised->questions, std::vector<std::string>{"heads"});
        std::erase_if(tensors, [](const TensorOutline& t) { return t.name.starts_with("score_predictor"); });
        QVERIFY(!dynamicVit.recognise(tensors, {}).has_value());
    }
};

QTEST_APPLESS_MAIN(TestDynamicVit)
#include "tst_dynamic_vit.moc"
