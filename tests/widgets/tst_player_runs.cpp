// Runs of a lab in a Session: branched, compared, made again.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/player_fixture.h"

#include <QJsonArray>

using namespace fovea;
using namespace fovea::test;

class TestPlayerRuns : public QObject, private PlayerFixture {
    Q_OBJECT

private slots:
    void init() { open(); }
    void cleanup() { close(); }

    void aBranchStartsAfterTheShownStepAndTheParentStays()
    {
        start("toy_lab", 30);
        QTRY_VERIFY(isIdle() && player().steps() == 30);
        const LabRunPtr parent = player().run();
        player().goTo(11);
        Config faster = parent->config;
        faster.set("rate", 0.5);
        player().branch(faster);
        QTRY_COMPARE(player().tree().runs.size(), std::size_t{2});
        QCOMPARE(player().shown(), 1);
        QCOMPARE(player().run()->from, Index{12});
        QCOMPARE(player().changeOf(1), QString("rate 0.5"));
        player().play();
        QTRY_VERIFY(isIdle() && player().run()->done == 30);
        QCOMPARE(player().tree().runs[0], parent);
        const StepList &a = parent->trace->steps, &b = player().run()->trace->steps;
        for (std::size_t i = 0; i < 30; ++i)
            QCOMPARE(identical(*a[i], *b[i]), i < 12);
        player().show(0);
        QCOMPARE(number(), Index{29});
        QCOMPARE(session_->slot().trace()->steps.back().get(), a.back().get());
        player().remove(0); // B left it
        QCOMPARE(player().tree().runs.size(), std::size_t{2});
        player().remove(1);
        QCOMPARE(player().tree().runs.size(), std::size_t{1});
        QCOMPARE(player().shown(), 0);
    }

    void aRunKeepsItsNameWhileOthersGo()
    {
        for (std::size_t runs = 1; runs <= 3; ++runs) {
            start("toy_lab", 5, {{"rate", "0." + std::to_string(runs)}});
            QTRY_VERIFY(isIdle() && player().tree().runs.size() == runs);
        }
        player().remove(1);
        QCOMPARE(player().tree().runs.size(), std::size_t{2});
        QCOMPARE(player().nameOf(1), QString("C"));
        start("toy_lab", 5);
        QTRY_COMPARE(player().tree().runs.size(), std::size_t{3});
        QCOMPARE(player().nameOf(2), QString("D"));
        const QJsonObject described = player().described();
        open(); // another session makes them again
        bool isDone = false;
        player().rebuild(described, [&] { isDone = true; });
        QTRY_VERIFY(isDone);
        QCOMPARE(player().nameOf(0) + player().nameOf(1) + player().nameOf(2), QString("ACD"));
    }

    void aRunWithoutAChangeEqualsTheOneItLeft()
    {
        start("toy_training", 20);
        QTRY_VERIFY(isIdle() && player().steps() == 20);
        player().goTo(7);
        player().branch(player().run()->config);
        QTRY_COMPARE(player().tree().runs.size(), std::size_t{2});
        player().play();
        QTRY_VERIFY(isIdle() && player().run()->done == 20);
        for (std::size_t i = 0; i < 20; ++i)
            QVERIFY(identical(
                *player().tree().runs[0]->trace->steps[i], *player().tree().runs[1]->trace->steps[i]));
    }

    void twoRunsWalkInLockstep()
    {
        start("toy_lab", 10);
        QTRY_VERIFY(isIdle() && player().steps() == 10);
        player().goTo(4);
        Config faster = player().run()->config;
        faster.set("rate", 0.3);
        player().branch(faster);
        QTRY_COMPARE(player().tree().runs.size(), std::size_t{2});
        player().compare(0);
        QCOMPARE(player().compared(), 0);
        player().setTarget(25);
        player().play();
        QTRY_VERIFY(isIdle());
        QCOMPARE(player().tree().runs[0]->done, Index{25});
        QCOMPARE(player().tree().runs[1]->done, Index{25});
        player().goTo(20);
        QCOMPARE(player().other("loss")->value.values<double>()[0],
            player().tree().runs[0]->trace->find("loss", 20)->value.values<double>()[0]);
        QVERIFY(!player().other("nothing"));
        player().compare(1); // itself
        QCOMPARE(player().compared(), -1);
    }

    void allRunsAreMadeAgainBitForBit()
    {
        start("toy_training", 40, {{"noise", "0.2"}}, 4, 7);
        QTRY_VERIFY(isIdle() && player().run()->done == 40);
        player().goTo(5);
        Config other = player().run()->config;
        other.set("rate", 0.2);
        player().branch(other);
        QTRY_COMPARE(player().tree().runs.size(), std::size_t{2});
        player().stepBy(1);
        QTRY_VERIFY(isIdle() && player().run()->done == 22);
        player().compare(0);
        const RunTree before = player().tree();
        const QJsonObject described = player().described();
        const Index shown = number();

        open();
        bool isDone = false;
        player().rebuild(described, [&] { isDone = true; });
        QTRY_VERIFY(isDone);
        QCOMPARE(failed_->size(), 0);
        QCOMPARE(player().tree().parents, before.parents);
        QCOMPARE(player().shown(), 1);
        QCOMPARE(player().compared(), 0);
        QTRY_COMPARE(number(), shown);
        for (std::size_t run = 0; run < 2; ++run) {
            const StepList &a = before.runs[run]->trace->steps, &b = player().tree().runs[run]->trace->steps;
            QCOMPARE(a.size(), b.size());
            for (std::size_t i = 0; i < a.size(); ++i)
                QVERIFY(identical(*a[i], *b[i]));
        }
    }

    void nonsenseInAFileIsNamed_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QJsonValue>("value");
        QTest::addColumn<QString>("said");
        QTest::newRow("lab") << "id" << QJsonValue("nowhere") << "lab.id";
        QTest::newRow("runs") << "runs" << QJsonValue(3) << "lab.runs";
        QTest::newRow("number") << "number" << QJsonValue(-1) << "lab.runs.0.number";
        QTest::newRow("parent") << "parent" << QJsonValue(4) << "lab.runs.0.parent";
        QTest::newRow("steps") << "steps" << QJsonValue(-1) << "lab.runs.0.steps";
        QTest::newRow("every") << "every" << QJsonValue(0) << "lab.runs.0.every";
        QTest::newRow("half") << "every" << QJsonValue(1.5) << "lab.runs.0.every";
        QTest::newRow("seed") << "seed" << QJsonValue("x") << "lab.runs.0.seed";
        QTest::newRow("config") << "config" << QJsonValue(QJsonObject{{"rate", 7}})
                                << "lab.runs.0.config.rate";
    }
    void nonsenseInAFileIsNamed()
    {
        QFETCH(QString, field);
        QFETCH(QJsonValue, value);
        QFETCH(QString, said);
        QJsonObject run{{"number", 0}, {"parent", -1}, {"from", 0}, {"steps", 3}, {"every", 1}, {"seed", "1"},
            {"config", QJsonObject()}};
        QJsonObject lab{{"id", "toy_lab"}};
        (field == "id" || field == "runs" ? lab : run)[field] = value;
        if (field != "runs")
            lab["runs"] = QJsonArray{run};
        player().rebuild(lab, [] { QFAIL("it was taken"); });
        QTRY_COMPARE(failed_->size(), 1);
        QVERIFY2(failed_->front().front().toString().contains(said),
            qPrintable(failed_->front().front().toString()));
    }
};

QTEST_MAIN(TestPlayerRuns)
#include "tst_player_runs.moc"
