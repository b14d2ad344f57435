// Recordings of labs: back and forth bit for bit, branches, and what memory they take.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/execute.h"
#include "core/source/recording.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

#include <cmath>

using namespace fovea;

namespace {

const Lab& toyLab() { return *toys::toys().lab("toy_lab"); }

Config configWithNoise(double rate = 0.1)
{
    Config config(toyLab().schema());
    config.set("noise", 0.2);
    config.set("rate", rate);
    return config;
}

LabRunPtr walked(const LabRunPtr& from, Index to, const RecordingOptions& options = {})
{
    LabWalk walk(from, options);
    while (walk.done() < to)
        walk.step();
    return walk.run();
}

bool identical(const NamedTensors& a, const NamedTensors& b)
{
    return std::ranges::equal(a, b,
        [](const auto& x, const auto& y) { return x.first == y.first && x.second.identical(y.second); });
}

bool identical(const StepRecords& a, const StepRecords& b)
{
    return a.step() == b.step()
        && std::ranges::equal(a.all(), b.all(), [](const RecordPtr& x, const RecordPtr& y) {
               return x->path() == y->path() && x->value.identical(y->value);
           });
}

std::vector<Index> numbersOf(const Trace& trace)
{
    std::vector<Index> numbers;
    for (const StepPtr& step : trace.steps)
        numbers.push_back(step->step());
    return numbers;
}

/// A lab that stops being finite at step 5 when told to, and shows a large record.
class Fragile final : public Lab {
public:
    Identity identity() const override { return {"fragile", "Fragile", "", "", {}, ""}; }
    Schema schema() const override { return {{"breaks", false, ""}, {"fixed", std::int64_t{1}, ""}}; }
    bool canChange(std::string_view field) const override { return field != "fixed"; }
    std::vector<SignalInfo> signalInfos(const Config&) const override
    {
        return {{"x", Kind::Vector, "x", -1, ""}, {"large", Kind::Vector, "large", -1, ""}};
    }
    NamedTensors start(const Config&, std::uint64_t seed) const override
    {
        NamedTensors state;
        state.set("first", Tensor::full({2}, static_cast<float>(seed)));
        state.set("weight", Tensor::full({3}, 1));
        return state;
    }
    NamedTensors advance(Run& run, const Config& config, const NamedTensors& state) const override
    {
        const float before = state["weight"].values<float>()[0];
        const float next = config.flag("breaks") && before > 5 ? NAN : before + 1;
        run.show("x", Tensor::full({1, 1}, next));
        run.show("large", Tensor::full({1, 2000}, next));
        NamedTensors after = state;
        after.set("weight", Tensor::full({3}, next));
        return after;
    }
};

}

class TestLabRecording : public QObject {
    Q_OBJECT

private slots:
    /// By which views know what they have read: of a run the same in all its versions.
    void aRunKeepsItsIdentity()
    {
        const Config config = configWithNoise();
        const LabRunPtr start = startRun(toyLab(), config, 3), made = walked(start, 10);
        QVERIFY(made->trace->run);
        QCOMPARE(made->trace->run, start->trace->run);
        QCOMPARE(walked(made, 20)->trace->run, start->trace->run);
        QCOMPARE(withoutSteps(*made)->trace->run, start->trace->run);
        const LabRunPtr branch = branchOf(made, 5, config);
        QVERIFY(branch->trace->run != made->trace->run);
        QCOMPARE(walked(branch, 9)->trace->run, branch->trace->run);
        QVERIFY(startRun(toyLab(), config, 3)->trace->run != start->trace->run);
    }

    void aListOfStepsIsAVectorThatSharesChunks()
    {
        StepList list;
        std::vector<StepPtr> expected;
        for (Index i = 0; i < 300; ++i) {
            expected.push_back(std::make_shared<const StepRecords>(2 * i));
            list.push_back(expected.back());
            const StepList copy = list;
            QVERIFY(std::ranges::equal(copy, expected));
        }
        for (const std::size_t count : {std::size_t{0}, std::size_t{127}, std::size_t{128}, std::size_t{300}})
            QVERIFY(std::ranges::equal(list.first(count), std::span(expected).first(count)));
        for (Index number = -1; number < 602; ++number)
            QCOMPARE(list.lowerBound(number),
                static_cast<std::size_t>(std::clamp<Index>((number + 1) / 2, 0, 300)));
        StepList sealed = list.first(256); // the last step lies in a chunk that others share
        sealed.replace(255, expected[0]);
        QCOMPARE(sealed.size(), std::size_t{256});
        QCOMPARE(sealed.back(), expected[0]);
        QCOMPARE(list[255], expected[255]);
        for (const std::size_t at : {std::size_t{0}, std::size_t{127}, std::size_t{128}, std::size_t{300}}) {
            StepList longer = list;
            longer.insert(at, expected[7]);
            std::vector<StepPtr> wanted = expected;
            wanted.insert(wanted.begin() + static_cast<std::ptrdiff_t>(at), expected[7]);
            QVERIFY(std::ranges::equal(longer, wanted));
        }
    }

    void everyStepIsReachedInBothDirectionsBitForBit()
    {
        RecordingOptions options;
        options.checkpointEvery = 7;
        const Config config = configWithNoise();
        const LabRunPtr run = walked(startRun(toyLab(), config, 3, options), 40, options);
        ExecuteOptions straight;
        straight.seed = 3;
        const TracePtr once = executeLab(toyLab(), config, 40, 1, straight);
        QCOMPARE(run->trace->steps.size(), std::size_t{40});
        for (Index step = 39; step >= 0; --step) {
            const auto at = static_cast<std::size_t>(step);
            QVERIFY(identical(*run->trace->steps[at], *once->steps[at]));
            QVERIFY(identical(*remadeStep(*run, step, options), *once->steps[at]));
            QVERIFY(identical(*stepOf(*run, step, options), *once->steps[at]));
        }
    }

    void aStepThatWasNotRecordedIsComputedFromTheNearestCheckpoint()
    {
        RecordingOptions sparse;
        sparse.every = 10;
        sparse.checkpointEvery = 16;
        const LabRunPtr run = walked(startRun(toyLab(), configWithNoise(), 5, sparse), 45, sparse);
        QCOMPARE(numbersOf(*run->trace), (std::vector<Index>{0, 10, 20, 30, 40}));
        std::vector<Index> checkpoints;
        for (const Checkpoint& checkpoint : run->checkpoints)
            checkpoints.push_back(checkpoint.step);
        QCOMPARE(checkpoints, (std::vector<Index>{0, 16, 32}));
        const LabRunPtr dense = walked(startRun(toyLab(), configWithNoise(), 5), 45);
        for (Index step = 0; step < 45; ++step) {
            const StepPtr& expected = dense->trace->steps[static_cast<std::size_t>(step)];
            QVERIFY(identical(*stepOf(*run, step, sparse), *expected));
            QVERIFY(identical(stateBefore(*run, step + 1), stateBefore(*dense, step + 1)));
        }
        const TracePtr visited = withStep(*run->trace, stepOf(*run, 37, sparse));
        QCOMPARE(numbersOf(*visited), (std::vector<Index>{0, 10, 20, 30, 37, 40}));
        QVERIFY(identical(*visited->steps[4], *dense->trace->steps[37]));
        QCOMPARE(withStep(*visited, run->trace->steps[1])->steps.size(), std::size_t{6});
    }

    void aBranchWithoutAChangeIsItsParent()
    {
        const LabRunPtr run = walked(startRun(toyLab(), configWithNoise(), 1), 60);
        for (const Index from : {Index{0}, Index{1}, Index{23}, Index{60}}) {
            const LabRunPtr branch = walked(branchOf(run, from, run->config), 60);
            QCOMPARE(branch->parent, run);
            QCOMPARE(branch->from, from);
            QCOMPARE(branch->trace->steps.size(), std::size_t{60});
            for (std::size_t step = 0; step < 60; ++step)
                QVERIFY(identical(*branch->trace->steps[step], *run->trace->steps[step]));
            QVERIFY(identical(*branch->state, *run->state));
            QVERIFY(branch->trace->provenance.edits.empty());
        }
    }

    void aBranchWithAnotherRateGoesItsOwnWayFromItsStepOn()
    {
        const LabRunPtr run = walked(startRun(toyLab(), configWithNoise(), 1), 30);
        const LabRunPtr branch = walked(branchOf(run, 12, configWithNoise(0.5)), 30);
        for (std::size_t step = 0; step < 30; ++step)
            QCOMPARE(identical(*branch->trace->steps[step], *run->trace->steps[step]), step < 12);
        QCOMPARE(branch->trace->steps[5].get(), run->trace->steps[5].get()); // shared
        QCOMPARE(branch->trace->provenance.edits, std::vector<std::string>{"12:rate=0.5"});
        QCOMPARE(branch->trace->provenance.config, run->config.json());
        // by hand: without noise x_0 halves its distance by the rate of its time
        Config quiet(toyLab().schema()), faster = quiet;
        faster.set("rate", 0.5);
        const LabRunPtr plain = walked(startRun(toyLab(), quiet, 1), 3);
        const LabRunPtr fast = walked(branchOf(plain, 2, faster), 4);
        QCOMPARE((*fast->state)["x"].values<double>()[0], 0.9 * 0.9 * 0.5 * 0.5);
        // a branch of a branch, looked at before its own fork
        const LabRunPtr third = walked(branchOf(branch, 20, configWithNoise(0.9)), 30);
        for (const Index step : {Index{3}, Index{15}, Index{25}})
            QVERIFY(
                identical(*remadeStep(*third, step), *third->trace->steps[static_cast<std::size_t>(step)]));
        QCOMPARE(third->trace->provenance.edits, (std::vector<std::string>{"12:rate=0.5", "20:rate=0.9"}));
    }

    void theNumberOfThreadsChangesNothing()
    {
        RecordingOptions two;
        two.pool = std::make_shared<Pool>(2);
        const LabRunPtr one = walked(startRun(toyLab(), configWithNoise(), 1), 20);
        const LabRunPtr other = walked(startRun(toyLab(), configWithNoise(), 1, two), 20, two);
        for (std::size_t step = 0; step < 20; ++step)
            QVERIFY(identical(*one->trace->steps[step], *other->trace->steps[step]));
    }

    void statesThinOutToTheirBudget()
    {
        RecordingOptions options;
        options.checkpointEvery = 1;
        options.stateBudget = 20 * 4 * sizeof(double);
        const LabRunPtr run = walked(startRun(toyLab(), configWithNoise(), 1, options), 500, options);
        QVERIFY(run->stateBytes <= options.stateBudget);
        QVERIFY(run->checkpoints.size() > 8);
        QCOMPARE(run->checkpoints.front().step, Index{0});
        for (const Index step : {Index{0}, Index{1}, Index{251}, Index{499}})
            QVERIFY(identical(
                *remadeStep(*run, step, options), *run->trace->steps[static_cast<std::size_t>(step)]));
    }

    void largeRecordsThinOutBeforeCurvesAndComeBackBitForBit()
    {
        const Fragile lab;
        RecordingOptions options;
        options.recordBudget = 400'000; // 50 large records of 8,000 bytes
        const LabRunPtr run = walked(startRun(lab, Config(lab.schema()), 1, options), 150, options);
        QCOMPARE(run->trace->steps.size(), std::size_t{150});
        QVERIFY(run->recordBytes <= options.recordBudget);
        QVERIFY(run->wholeEvery > 1);
        std::size_t whole = 0;
        for (const StepPtr& step : run->trace->steps) {
            QVERIFY(step->find("x"));
            QCOMPARE(step->isLightened(), step->find("large") == nullptr);
            whole += step->isLightened() ? 0 : 1;
            QVERIFY(stepOf(*run, step->step(), options)->find("large"));
        }
        QVERIFY(whole > 10 && whole < 60);
        QVERIFY(run->trace->steps.back()->find("large")); // what is seen while it runs
        QCOMPARE(stepOf(*run, 101, options)->find("large")->value.values<float>()[7], 103.0F);
        options.recordBudget = 60'000; // curves alone exceed it: fewer steps
        const LabRunPtr small = walked(startRun(lab, Config(lab.schema()), 1, options), 300, options);
        QVERIFY(small->every > 1);
        QVERIFY(small->trace->steps.size() < 150);
        QCOMPARE(stepOf(*small, 77, options)->find("x")->value.values<float>()[0], 79.0F);
    }

    void aStateThatIsNotFiniteEndsTheRunAndNamesItsTensor()
    {
        const Fragile lab;
        Config config(lab.schema());
        config.set("breaks", true);
        LabWalk walk(startRun(lab, config, 1), {});
        FOVEA_THROWS(while (true) walk.step(), Error, "step 5", "'weight'", "not finite");
        QCOMPARE(walk.done(), Index{5});
        QCOMPARE((*walk.run()->state)["weight"].values<float>()[0], 6.0F);
        QCOMPARE(walk.run()->trace->steps.size(), std::size_t{5});
        const LabRunPtr mended = walked(branchOf(walk.run(), 4, Config(lab.schema())), 10); // and goes on
        QCOMPARE((*mended->state)["weight"].values<float>()[0], 11.0F);
    }

    void whatARunKeepsFromItsStartCannotChange()
    {
        const Fragile lab;
        const LabRunPtr run = walked(startRun(lab, Config(lab.schema()), 1), 3);
        Config other(lab.schema());
        other.set("fixed", std::int64_t{2});
        FOVEA_THROWS(branchOf(run, 2, other), UsageError, "'fixed'", "expected 1", "found 2");
    }

    void aStoppedStepLeavesTheRunAsItWas()
    {
        RecordingOptions options;
        LabWalk walk(startRun(toyLab(), configWithNoise(), 1), options);
        walk.step();
        options.stop.stop();
        QVERIFY_EXCEPTION_THROWN(walk.step(), Cancelled);
        QCOMPARE(walk.done(), Index{1});
    }

    void whatAnAnalysisAddsIsKept()
    {
        RecordingOptions options;
        options.derive = [](const StepRecords& step) {
            Record twice = *step.find("loss");
            twice.info.path = "twice";
            twice.value = Tensor::of<double>({}, std::vector{2 * twice.value.values<double>()[0]});
            return std::vector<Record>{twice};
        };
        const LabRunPtr run = walked(startRun(toyLab(), configWithNoise(), 1, options), 4, options);
        for (const StepPtr& step : run->trace->steps)
            QCOMPARE(step->find("twice")->value.values<double>()[0],
                2 * step->find("loss")->value.values<double>()[0]);
        QVERIFY(stepOf(*run, 2, options)->find("twice"));
        QVERIFY(remadeStep(*run, 2, options)->find("twice"));
    }

    void askedStepsAreRecordedWhateverTheRhythm()
    {
        RecordingOptions options;
        options.every = 10;
        LabWalk walk(startRun(toyLab(), configWithNoise(), 1, options), options);
        for (int i = 0; i < 13; ++i)
            walk.step(i == 12);
        QCOMPARE(numbersOf(*walk.run()->trace), (std::vector<Index>{0, 10, 12}));
    }
};

QTEST_APPLESS_MAIN(TestLabRecording)
#include "tst_lab_recording.moc"
