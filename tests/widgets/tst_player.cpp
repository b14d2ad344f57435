// Labs played through a Session: live, back, step by step.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/patterns.h"

#include "core/source/execute.h"

#include "tests/support/player_fixture.h"

#include <QElapsedTimer>
#include <QTemporaryDir>

using namespace fovea;
using namespace fovea::test;

class TestPlayer : public QObject, private PlayerFixture {
    Q_OBJECT

private slots:
    void init() { open(); }
    void cleanup() { close(); }

    void axesEndAtARoundNumberBeyondTheLongestRun()
    {
        for (const auto& [done, last] : std::vector<std::pair<Index, Index>>{
                 {1, 9}, {10, 9}, {11, 14}, {60, 59}, {61, 79}, {81, 99}, {120, 149}}) {
            player().clear();
            start("toy_training", done);
            QTRY_VERIFY_WITH_TIMEOUT(isIdle(), 60000);
            QCOMPARE(player().run()->done, done);
            QCOMPARE(player().horizon(), last);
            player().setTarget(5000);
            QCOMPARE(player().horizon(), last);
        }
    }

    void aLabPlaysToItsTargetAndTheSessionFollows()
    {
        start("toy_training", 120);
        QTRY_VERIFY_WITH_TIMEOUT(isIdle(), 60000);
        QCOMPARE(failed_->size(), 0);
        QCOMPARE(player().run()->done, Index{120});
        QCOMPARE(player().steps(), std::size_t{120});
        QCOMPARE(session_->selection().step, std::size_t{119});
        QCOMPARE(session_->patterns().layers(), 4);
        QVERIFY(session_->record("blocks.0.attn.pattern.stats"));
        const Lab& lab = *labs().lab("toy_training");
        const TracePtr once = executeLab(lab, Config(lab.schema()), 120, 1);
        for (std::size_t i = 0; i < 120; ++i)
            QVERIFY(session_->slot().trace()->steps[i]->find("loss")->value.identical(
                once->steps[i]->find("loss")->value));
    }

    void oneMayLookBackWhileItRuns()
    {
        start("slow", 400);
        QTRY_VERIFY(player().steps() > 20);
        player().goTo(3);
        const auto steps = player().steps();
        QTRY_VERIFY(player().steps() > steps + 10);
        QCOMPARE(session_->selection().step, std::size_t{3}); // it stays where one looks
        QVERIFY(player().isLive());
        player().goTo(player().steps());
        QTRY_VERIFY(session_->selection().step > steps + 20); // and follows again from the end
        player().pause();
        QVERIFY(!player().isPlaying());
    }

    void pausingTakesATenthOfASecondAtMost()
    {
        start("slow", 100000, {{"ms", "20"}});
        QTRY_VERIFY(player().steps() > 2);
        QElapsedTimer clock;
        clock.start();
        player().pause();
        Job::waitForAll();
        QVERIFY2(clock.elapsed() < 100, qPrintable(QString::number(clock.elapsed())));
        const Index done = player().run()->done;
        player().play();
        QTRY_VERIFY(player().run()->done > done);
        for (std::size_t i = 0; i < player().steps(); ++i) // nothing was lost or made twice
            QCOMPARE(session_->slot().trace()->steps[i]->step(), static_cast<Index>(i));
    }

    void speedIsKept()
    {
        player().setSpeed(50);
        QElapsedTimer clock;
        clock.start();
        start("toy_lab", 20);
        QTRY_VERIFY(player().run() && player().run()->done == 20);
        QVERIFY2(clock.elapsed() > 350, qPrintable(QString::number(clock.elapsed()))); // 19 waits of 20 ms
    }

    void stepsForwardMakeNewOnesAndBackwardGoBack()
    {
        start("toy_lab", 5);
        QTRY_VERIFY(isIdle() && player().steps() == 5);
        player().stepBy(1);
        QTRY_COMPARE(player().steps(), std::size_t{6});
        QTRY_VERIFY(isIdle());
        QCOMPARE(session_->selection().step, std::size_t{5});
        player().stepBy(-2);
        QCOMPARE(session_->selection().step, std::size_t{3});
        player().stepBy(-10);
        QCOMPARE(session_->selection().step, std::size_t{0});
        player().stepBy(3);
        QCOMPARE(session_->selection().step, std::size_t{3});
        QCOMPARE(player().steps(), std::size_t{6});
    }

    void aTypedStepIsComputedAgainOrPlayedTo()
    {
        start("toy_training", 100, {}, 10);
        QTRY_VERIFY(isIdle() && player().steps() == 10);
        player().goToNumber(37);
        QTRY_COMPARE(number(), Index{37});
        QCOMPARE(player().steps(), std::size_t{11});
        QVERIFY(session_->patterns().layers() == 4);
        const Lab& lab = *labs().lab("toy_training");
        const TracePtr once = executeLab(lab, Config(lab.schema()), 100, 1);
        QVERIFY(session_->record("blocks.2.attn.pattern")
                    ->value.identical(once->find("blocks.2.attn.pattern", 37)->value));
        player().goToNumber(40); // recorded: at once, and 37 is let go
        QCOMPARE(number(), Index{40});
        QCOMPARE(player().steps(), std::size_t{10});
        QCOMPARE(session_->selection().step, std::size_t{4});
        player().goToNumber(123); // not made yet
        QTRY_COMPARE(number(), Index{123});
        QTRY_VERIFY(isIdle());
        QCOMPARE(player().run()->done, Index{124});
    }

    void aSignalThatWasNotKeptIsComputedWhenItIsChosen()
    {
        start("slow", 5);
        QTRY_VERIFY(isIdle() && player().steps() == 5);
        QVERIFY(!session_->record("hidden"));
        Selection selection = session_->selection();
        selection.record = "hidden";
        selection.step = 2;
        session_->setSelection(selection);
        QTRY_VERIFY(session_->record("hidden"));
        QCOMPARE(session_->record("hidden")->value.values<float>()[0], 3.0F);
    }

    void whatGoesWrongIsSaidAndTheLastGoodStateKept()
    {
        start("slow", 100, {{"breaks_at", "8"}});
        QTRY_COMPARE(failed_->size(), 1);
        QVERIFY2(failed_->front().front().toString().contains("step 8"),
            qPrintable(failed_->front().front().toString()));
        QVERIFY(failed_->front().front().toString().contains("not finite"));
        QVERIFY(!player().isPlaying());
        QCOMPARE(player().run()->done, Index{8});
        QCOMPARE(player().steps(), std::size_t{8});
        player().goTo(5);
        player().branch(Config(labs().lab("slow")->schema())); // and on, mended
        QTRY_COMPARE(player().tree().runs.size(), std::size_t{2});
        player().play();
        QTRY_VERIFY(player().run()->done == 100);
        QCOMPARE(failed_->size(), 1);
    }

    void traceFilesArePlayedWithoutALab()
    {
        Slot slot;
        slot.base = toys::toyTrace("toy_lab");
        session_->adopt(slot);
        player().setSpeed(60);
        player().play();
        QVERIFY(player().isPlaying() && !player().isLive());
        QTRY_VERIFY(!player().isPlaying());
        QCOMPARE(session_->selection().step, std::size_t{11});
        player().setLoop(Player::Loop::BackAndForth);
        player().play();
        QTRY_VERIFY(session_->selection().step == 0);
        QTRY_VERIFY(session_->selection().step == 5);
        player().pause();
        player().goToNumber(7);
        QCOMPARE(number(), Index{7});
    }

    void whatWasOpenedAndTheLabKeepTheirOwnSelections()
    {
        Slot slot;
        slot.architecture = &labs().requireArchitecture("toy_drop");
        slot.weights = toys::toyWeights(*slot.architecture);
        slot.base = toys::toyTrace("toy_drop");
        session_->adopt(slot);
        Selection selection = session_->selection();
        selection.layer = 1;
        session_->setSelection(selection);
        start("toy_training", 10);
        QTRY_VERIFY(isIdle() && player().steps() == 10);
        QCOMPARE(session_->selection().slot, std::size_t{1});
        QCOMPARE(session_->selection().layer, 0);
        session_->showSlot(0);
        QCOMPARE(session_->slot().base, slot.base);
        QCOMPARE(session_->selection().layer, 1);
        session_->showSlot(1);
        QCOMPARE(session_->selection().step, std::size_t{9});
        QVERIFY(session_->slot().lab);
    }
};

QTEST_MAIN(TestPlayer)
#include "tst_player.moc"
