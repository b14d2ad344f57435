// Labs played through a Session: live, back, branched, compared, made again.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/patterns.h"
#include "widgets/session/player.h"
#include "widgets/session/session.h"

#include "core/source/execute.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <cmath>
#include <thread>

using namespace fovea;

namespace {

/// A lab whose steps take a while, and which goes wrong when it is told to.
class Slow final : public Lab {
public:
    Identity identity() const override { return {"slow", "Slow", "", "", {}, ""}; }
    Schema schema() const override
    {
        return {{"ms", std::int64_t{1}, ""}, {"breaks_at", std::int64_t{-1}, ""}};
    }
    std::vector<SignalInfo> signalInfos(const Config&) const override
    {
        return {{"x", Kind::Scalar, "x", -1, ""}, {"hidden", Kind::Tokens, "hidden", -1, ""}};
    }
    NamedTensors start(const Config&, std::uint64_t) const override
    {
        NamedTensors state;
        state.set("x", Tensor::full({1}, 0));
        return state;
    }
    NamedTensors advance(Run& run, const Config& config, const NamedTensors& state) const override
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(config.integer("ms")));
        run.checkStop();
        float next = state["x"].values<float>()[0] + 1;
        if (config.integer("breaks_at") >= 0 && next > static_cast<float>(config.integer("breaks_at")))
            next = NAN;
        run.show("x", Tensor::full({1}, next));
        run.show("hidden", Tensor::full({1, 2, 2}, next));
        NamedTensors after;
        after.set("x", Tensor::full({1}, next));
        return after;
    }
};

const Registry& labs()
{
    static const Registry& all = []() -> const Registry& {
        static Registry registry;
        toys::addLab(registry);
        toys::addTraining(registry);
        toys::addDrop(registry);
        registry.add(std::make_unique<Slow>());
        return registry;
    }();
    return all;
}

bool identical(const StepRecords& a, const StepRecords& b)
{
    return a.step() == b.step()
        && std::ranges::equal(a.all(), b.all(), [](const RecordPtr& x, const RecordPtr& y) {
               return x->path() == y->path() && x->value.identical(y->value);
           });
}

}

class TestPlayer : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        session_ = std::make_unique<Session>(Services{&labs(), std::make_shared<Pool>(2), {}});
        failed_ = std::make_unique<QSignalSpy>(session_.get(), &Session::failed);
    }
    void cleanup()
    {
        session_.reset();
        Job::waitForAll();
    }

    void axesEndAtARoundNumberBeyondTheLongestRun()
    {
        for (const auto& [done, last] : std::vector<std::pair<Index, Index>>{
                 {1, 9}, {10, 9}, {11, 14}, {60, 59}, {61, 79}, {81, 99}, {120, 149}}) {
            player().clear();
            start("toy_training", done);
            QTRY_VERIFY(isIdle());
            QCOMPARE(player().run()->done, done);
            QCOMPARE(player().horizon(), last);
            player().setTarget(5000);
            QCOMPARE(player().horizon(), last);
        }
    }

    void aLabPlaysToItsTargetAndTheSessionFollows()
    {
        start("toy_training", 120);
        QTRY_VERIFY(isIdle());
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

        init();
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
        QJsonObject run{{"parent", -1}, {"from", 0}, {"steps", 3}, {"every", 1}, {"seed", "1"},
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

private:
    Player& player() { return session_->player(); }
    /// There is a run, and nothing goes on.
    bool isIdle()
    {
        return player().run() && !player().isPlaying()
            && std::ranges::none_of(session_->jobs(), [](const Job* job) { return job->isRunning(); });
    }
    Index number() { return session_->slot().trace()->steps[session_->selection().step]->step(); }
    void start(
        const char* lab, Index steps, const Answers& fields = {}, Index every = 1, std::uint64_t seed = 0)
    {
        Config config(labs().lab(lab)->schema());
        for (const auto& [name, value] : fields)
            config.setText(name, value);
        player().start({lab, config, seed, steps, every});
    }

    std::unique_ptr<Session> session_;
    std::unique_ptr<QSignalSpy> failed_;
};

QTEST_MAIN(TestPlayer)
#include "tst_player.moc"
