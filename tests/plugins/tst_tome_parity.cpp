// Against the official code, by tools/make_token_reduction_goldens.py.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/tome/tome.h"

#include "tests/plugins/token_reduction_room.h"

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::tome::Tome tome;

/// The numbers of the tokens behind each token of a layout; special tokens come first in the numbering.
std::vector<std::vector<int>> sourcesOf(const TokenLayout& layout)
{
    const auto specials = static_cast<int>(layout.specialNames().size());
    std::vector<std::vector<int>> all;
    for (int token = 0; token < layout.tokens(); ++token) {
        std::vector<int> own;
        if (layout.isSpecial(token))
            own.push_back(token); // they stand first, in their order
        for (const int cell : layout.cells(token))
            own.push_back(specials + cell);
        std::ranges::sort(own);
        all.push_back(own);
    }
    return all;
}

}

class TestTomeParity : public QObject {
    Q_OBJECT
private slots:
    void equalsTheOfficialCode_data()
    {
        QTest::addColumn<int>("signalCount");
        for (const char* name : {"small", "plain_attention", "distilled"})
            QTest::newRow(name) << 24;
        QTest::newRow("mean_pool") << 23; // its norm is behind the mean
        QTest::newRow("deit_small") << 72;
    }
    void equalsTheOfficialCode()
    {
        QFETCH(const int, signalCount);
        const ReductionGolden golden = reductionGolden("tome", QTest::currentDataTag());
        QVERIFY(static_cast<int>(golden.golden.captures.size()) > signalCount);
        const Config config = Config::fromJson(tome.schema(), golden.golden.config);
        const TracePtr trace = ruleRun(tome, config);
        QCOMPARE(static_cast<int>(golden.stages.size()), config.count("depth"));
        for (std::size_t stage = 0; stage < golden.stages.size(); ++stage) {
            std::vector<int> kept = left(*trace, stage);
            std::ranges::sort(kept);
            QCOMPARE(kept, golden.stages[stage].kept);
            std::vector<double> similar = keepField(*trace, stage, 0);
            std::erase(similar, 0.0); // tokens that are looked for
            std::ranges::sort(similar);
            QCOMPARE(difference(similar, golden.stages[stage].score, 1e-4), QString());
        }
        QCOMPARE(firstDivergence(*trace, golden.golden, 1e-4), QString());
        const RecordPtr size = trace->find(stageSignal(golden.stages.size() - 1, "size"));
        std::vector<int> sizes;
        for (const double value : size->value.toDoubles())
            sizes.push_back(static_cast<int>(value));
        QCOMPARE(sizes, golden.sizes);
        QCOMPARE(sourcesOf(*size->queries), golden.sources);
    }

    void plainAttentionWouldBeNoticed()
    {
        const ReductionGolden golden = reductionGolden("tome", "small");
        Config config = Config::fromJson(tome.schema(), golden.golden.config);
        config.set("prop_attn", false);
        QVERIFY(!firstDivergence(*ruleRun(tome, config), golden.golden, 1e-4).isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestTomeParity)
#include "tst_tome_parity.moc"
