// Against the official code, by tools/make_token_reduction_goldens.py.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/evit/evit.h"

#include "tests/plugins/token_reduction_room.h"

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::evit::Evit evit;

}

class TestEvitParity : public QObject {
    Q_OBJECT
private slots:
    void equalsTheOfficialCode_data()
    {
        QTest::addColumn<int>("signalCount");
        QTest::newRow("fused") << 24;
        QTest::newRow("dropped") << 24;
        QTest::newRow("deit_small") << 72;
    }
    void equalsTheOfficialCode()
    {
        QFETCH(const int, signalCount);
        const ReductionGolden golden = reductionGolden("evit", QTest::currentDataTag());
        QVERIFY(static_cast<int>(golden.golden.captures.size()) > signalCount);
        const Config config = Config::fromJson(evit.schema(), golden.golden.config);
        const TracePtr trace = ruleRun(evit, config);
        QVERIFY(!golden.stages.empty());
        std::vector<int> stood;
        for (int token = 0; token < static_cast<int>(keepField(*trace, 0, 0).size()); ++token)
            stood.push_back(token);
        for (std::size_t stage = 0; stage < golden.stages.size(); ++stage) {
            QCOMPARE(left(*trace, stage), golden.stages[stage].kept);
            std::vector<double> scores;
            for (const int token : stood)
                if (token > 0)
                    scores.push_back(keepField(*trace, stage, 0)[static_cast<std::size_t>(token)]);
            QCOMPARE(difference(scores, golden.stages[stage].score, 1e-4), QString());
            stood = left(*trace, stage);
        }
        QCOMPARE(firstDivergence(*trace, golden.golden, 1e-4), QString());
    }

    void otherFusionWouldBeNoticed()
    {
        const ReductionGolden golden = reductionGolden("evit", "fused");
        Config config = Config::fromJson(evit.schema(), golden.golden.config);
        config.set("fuse", false);
        QVERIFY(!firstDivergence(*ruleRun(evit, config), golden.golden, 1e-4).isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestEvitParity)
#include "tst_evit_parity.moc"
