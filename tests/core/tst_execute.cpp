// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/error.h"
#include "core/trace/attention.h"

#include "tests/support/test.h"
#include "tests/support/toy_runs.h"

#include <QElapsedTimer>

using namespace fovea;
using test::toy, test::runToy, test::firstDifference, test::withEdit;

class TestExecute : public QObject {
    Q_OBJECT
private slots:
    void onlyWhatWasAskedIsKept()
    {
        ExecuteOptions options = withEdit("blocks.1.attn.head.0=off");
        options.record = {"blocks.*.attn.pattern", "logits"};
        const TracePtr trace = toys::toyTrace("toy_drop", options);
        QCOMPARE(trace->steps.front()->all().size(), std::size_t{4});
        QVERIFY(!trace->find("blocks.1.attn.head")); // edited, but nobody asked to see it
        QCOMPARE(trace->provenance.edits, (std::vector<std::string>{"blocks.1.attn.head.0=off"}));
    }

    /// Nobody watches: the same answer, and the time is that of the pass alone.
    void theAnswerNeedsNobodyWatching()
    {
        const TracePtr watched = toys::toyTrace("toy_drop");
        ExecuteOptions options;
        options.record = {};
        options.keepStates = false;
        Tensor logits;
        double seconds = -1;
        options.logits = &logits;
        options.seconds = &seconds;
        QElapsedTimer whole;
        whole.start();
        const TracePtr trace = toys::toyTrace("toy_drop", options);
        QVERIFY(seconds > 0 && seconds < static_cast<double>(whole.nsecsElapsed()) / 1e9);
        QVERIFY(trace->output.identical(watched->output));
        QVERIFY(std::ranges::equal(logits.values<float>(), watched->output.values<float>()));
        QVERIFY(trace->steps.front()->all().empty() && trace->blocks.empty());
        options.edits = withEdit("blocks.1.attn.head.0=off").edits; // an edit needs a watcher
        QVERIFY(!toys::toyTrace("toy_drop", options)->output.identical(watched->output));
    }

    void recordsKnowTheirAxesAndTokens()
    {
        const TracePtr trace = toys::toyTrace("toy_windows");
        const RecordPtr pooled = trace->find("stages.1.pattern");
        QCOMPARE(pooled->axes[3].name, std::string("key"));
        QCOMPARE(pooled->queries->tokens(), 16);
        QCOMPARE(pooled->keys->tokens(), 4);
        QVERIFY(pooled->finite && !pooled->edited);
        const RecordPtr windows = trace->find("stages.0.pattern");
        QCOMPARE(windows->keys, windows->queries);
        QCOMPARE(test::text(windows->keyIndex.shape()), QString("[4, 32]"));
        const RecordPtr keep = toys::toyTrace("toy_drop")->find("stages.0.keep");
        QCOMPARE(keep->axes[1].labels, (std::vector<std::string>{"score", "kept"}));
    }

    void patternsBeyondTheBudgetKeepTheirFactors()
    {
        const TracePtr whole = toys::toyTrace("toy_drop");
        ExecuteOptions options;
        options.budget = whole->find("blocks.0.attn.pattern")->byteSize();
        const TracePtr trace = toys::toyTrace("toy_drop", options);
        QVERIFY(trace->find("blocks.0.attn.pattern")->value.defined());
        const RecordPtr record = trace->find("blocks.1.attn.pattern");
        QVERIFY(!record->value.defined() && record->factors.defined());
        QCOMPARE(shapeOf(*record), whole->find("blocks.1.attn.pattern")->value.shape());
        QCOMPARE(record->axes.size(), std::size_t{4});
        const Tensor expected = attentionMap(*whole->find("blocks.1.attn.pattern"), {0, 1});
        QVERIFY(test::relativeDifference(attentionMap(*record, {0, 1}), expected) < 1e-5);
        QVERIFY(trace->output.identical(whole->output));
    }

    void anEditedPatternIsMadeWhateverTheBudget()
    {
        ExecuteOptions options = withEdit("blocks.1.attn.pattern.0=off");
        options.budget = 0;
        const TracePtr trace = toys::toyTrace("toy_drop", options);
        QVERIFY(trace->find("blocks.1.attn.pattern")->edited);
        QVERIFY(trace->find("blocks.2.attn.pattern")->factors.defined());
    }

    void blocksAreScaledAndAveraged()
    {
        const TracePtr plain = toys::toyTrace("toy_drop");
        const auto added = [&](const char* edit) { // what block 1 hands on minus what it got
            const TracePtr trace = toys::toyTrace("toy_drop", withEdit(edit));
            const Tensor &before = trace->blocks[3].before.x, &after = trace->blocks[4].before.x;
            std::vector<double> difference = after.toDoubles();
            for (std::size_t i = 0; i < difference.size(); ++i)
                difference[i] -= before.toDoubles()[i];
            return difference;
        };
        std::vector<double> whole = added("blocks.1=scale:1");
        const std::vector<double> half = added("blocks.1=scale:0.5"), mean = added("blocks.1=mean"),
                                  off = added("blocks.1=off");
        double sum = 0; // channel 2 over the 19 tokens of 4 channels
        for (std::size_t i = 2; i < whole.size(); i += 4)
            sum += whole[i] / 19;
        for (std::size_t i = 0; i < whole.size(); ++i) {
            QVERIFY(std::abs(half[i] - whole[i] / 2) < 1e-6);
            QCOMPARE(off[i], 0.0);
            if (i % 4 == 2)
                QVERIFY(std::abs(mean[i] - sum) < 1e-6);
        }
    }

    void gridBlocksAreAveragedOverPixels()
    {
        const TracePtr trace = toys::toyTrace("toy_filter", withEdit("blocks.0=mean"));
        const Tensor &before = trace->blocks[0].before.x, &after = trace->blocks[1].before.x;
        const Tensor made = trace->find("blocks.0.out")->value; // the block's own result, before the edit
        for (Index c = 0; c < 2; ++c) {
            double mean = 0;
            for (Index p = 0; p < 64; ++p)
                mean += (made.data()[c * 64 + p] - before.data()[c * 64 + p]) / 64.0;
            for (Index p = 0; p < 64; ++p)
                QVERIFY(std::abs(after.data()[c * 64 + p] - before.data()[c * 64 + p] - mean) < 1e-5);
        }
    }

    void blocksThatChangeTheShapeCannotBeSwitchedOff()
    {
        FOVEA_THROWS(toys::toyTrace("toy_drop", withEdit("stages.0=off")), UsageError, "stages.0",
            "[1, 37, 4]", "[1, 19, 4]");
        FOVEA_THROWS(toys::toyTrace("toy_windows", withEdit("merge=scale:0.5")), UsageError, "merge");
    }

    void theWatchedSampleIsCutOut()
    {
        for (const char* id : {"toy_windows", "toy_drop", "toy_filter"}) {
            const Tensor both = toys::toyInput(toy(id), 2);
            ExecuteOptions second;
            second.sample = 1;
            const TracePtr batch = runToy(id, second, both);
            const TracePtr alone = runToy(id, {}, both.rows(1, 2));
            QCOMPARE(firstDifference(*batch, *alone), std::string());
            QVERIFY(firstDifference(*batch, *runToy(id, {}, both)) != std::string());
            const RecordPtr out = batch->steps.front()->all().at(3), same = alone->find(out->path());
            QVERIFY(!out->queries || *out->queries == *same->queries); // the layout is the sample's own
        }
        ExecuteOptions third;
        third.sample = 2;
        FOVEA_THROWS(
            runToy("toy_drop", third, toys::toyInput(toy("toy_drop"), 2)), Error, "sample 2 of a batch of 2");
    }

    void stateIsKeptForTheNextCall()
    {
        const Architecture& filter = toy("toy_filter");
        NamedTensors kept;
        ExecuteOptions options;
        options.kept = &kept;
        const TracePtr first = toys::toyTrace("toy_filter", options);
        const Tensor memory = first->find("memory.state")->value;
        QVERIFY(kept["memory.value"].identical(memory));
        Weights::Parts parts = toys::toyWeights(filter)->parts();
        parts.parameters.set("memory.value", kept["memory.value"]);
        const TracePtr second = execute(filter, Weights(parts), toys::toyInput(filter));
        for (Index c = 0; c < 2; ++c) // m = m / 2 + mean / 2 from m = 0, twice
            QVERIFY(
                std::abs(second->find("memory.state")->value.data()[c] - 1.5F * memory.data()[c]) < 1e-6F);
    }

    void wrongInputsAreRefused()
    {
        FOVEA_THROWS(
            runToy("toy_drop", {}, Tensor::zeros({1, 1, 12, 13})), Error, "[1, 12, 12]", "[1, 1, 12, 13]");
        FOVEA_THROWS(runToy("toy_drop", {}, Tensor::zeros({1, 12, 12})), Error, "[1, 12, 12]");
        FOVEA_THROWS(runToy("toy_drop", {}, Tensor::zeros({0, 1, 12, 12})), Error, "[0, 1, 12, 12]");
        FOVEA_THROWS(runToy("toy_drop", {}, Tensor::zeros({1, 1, 12, 12}, DType::F64)), Error, "f64");
        FOVEA_THROWS(runToy("toy_drop", {}, Tensor()), Error, "nothing");
    }

    void progressRisesToOne()
    {
        std::vector<double> shares;
        ExecuteOptions options;
        options.progress = [&](double share) { shares.push_back(share); };
        toys::toyTrace("toy_drop", options);
        QCOMPARE(shares.size(), std::size_t{7});
        QVERIFY(std::ranges::is_sorted(shares));
        QCOMPARE(shares.back(), 1.0);
    }

    void stoppingStops()
    {
        ExecuteOptions options;
        options.progress = [&](double share) {
            if (share > 0.5)
                options.stop.stop();
        };
        QVERIFY_THROWS_EXCEPTION(Cancelled, toys::toyTrace("toy_drop", options));
        QVERIFY_THROWS_EXCEPTION(Cancelled, toys::toyTrace("toy_lab", options));
    }

    void aLabKeepsEveryNthStepAndTheLast()
    {
        const Lab& lab = *toys::toys().lab("toy_lab");
        ExecuteOptions options;
        options.record = {"loss"};
        const TracePtr trace = executeLab(lab, Config(lab.schema()), 12, 5, options);
        std::vector<Index> steps;
        for (const auto& step : trace->steps)
            steps.push_back(step->step());
        QCOMPARE(steps, (std::vector<Index>{0, 5, 10, 11}));
        QCOMPARE(trace->steps[1]->all().size(), std::size_t{1});
        QVERIFY(trace->find("loss", 1)->value.identical(toys::toyTrace("toy_lab")->find("loss", 5)->value));
        FOVEA_THROWS(
            executeLab(lab, Config(lab.schema()), 1, 1, withEdit("loss=off")), UsageError, "loss=off", "lab");
    }

    void noiseIsAFunctionOfTheSeed()
    {
        const Lab& lab = *toys::toys().lab("toy_lab");
        Config config(lab.schema());
        config.set("noise", 0.1);
        const auto last = [&](std::uint64_t seed) {
            ExecuteOptions options;
            options.seed = seed;
            return executeLab(lab, config, 5, 1, options)->find("x", 4)->value;
        };
        QVERIFY(last(1).identical(last(1)));
        QVERIFY(!last(1).identical(last(2)));
    }
};

QTEST_APPLESS_MAIN(TestExecute)
#include "tst_execute.moc"
