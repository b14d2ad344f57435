// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/error.h"
#include "core/trace/attention.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

using namespace fovea;

namespace {

const Architecture& toy(const char* id) { return toys::toys().requireArchitecture(id); }

TracePtr runToy(const char* id, const ExecuteOptions& options, const Tensor& input)
{
    return execute(toy(id), *toys::toyWeights(toy(id)), input, options);
}

/// The first path at which two traces differ in a value; empty when they are bit-equal.
std::string firstDifference(const Trace& a, const Trace& b)
{
    const auto& left = a.steps.front()->all();
    if (left.size() != b.steps.front()->all().size())
        return "the number of records";
    for (std::size_t i = 0; i < left.size(); ++i) {
        const RecordPtr& right = b.steps.front()->all()[i];
        if (left[i]->path() != right->path() || !left[i]->value.identical(right->value))
            return left[i]->path();
    }
    return a.output.identical(b.output) ? "" : "output";
}

ExecuteOptions withEdit(const char* edit)
{
    ExecuteOptions options;
    options.edits = {Edit::parse(edit)};
    return options;
}

}

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

    void rerunsShareWhatComesBeforeTheEdit_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QByteArray>("edit");
        QTest::addColumn<QByteArray>("shared");
        QTest::addColumn<QByteArray>("redone");
        QTest::newRow("head") << QByteArray("toy_drop") << QByteArray("blocks.1.attn.head.0=off")
                              << QByteArray("stages.0.keep") << QByteArray("blocks.1.attn.pattern");
        QTest::newRow("dropped") << QByteArray("toy_drop") << QByteArray("blocks.2=off")
                                 << QByteArray("stages.1.keep") << QByteArray("blocks.2.out");
        QTest::newRow("grid state") << QByteArray("toy_windows") << QByteArray("stages.1.pattern.0.3=off")
                                    << QByteArray("merge.out") << QByteArray("stages.1.out");
        QTest::newRow("memory") << QByteArray("toy_filter") << QByteArray("memory.state=scale:3")
                                << QByteArray("blocks.1.out") << QByteArray("memory.gram");
        QTest::newRow("after all blocks") << QByteArray("toy_drop") << QByteArray("logits.0=set:2")
                                          << QByteArray("blocks.2.out") << QByteArray("logits");
    }
    void rerunsShareWhatComesBeforeTheEdit()
    {
        QFETCH(QByteArray, id);
        QFETCH(QByteArray, edit);
        QFETCH(QByteArray, shared);
        QFETCH(QByteArray, redone);
        const Tensor input = toys::toyInput(toy(id));
        const TracePtr base = runToy(id, {}, input);
        ExecuteOptions options = withEdit(edit);
        const TracePtr full = runToy(id, options, input);
        options.base = base;
        const TracePtr quick = runToy(id, options, input);
        QCOMPARE(firstDifference(*quick, *full), std::string());
        QVERIFY(firstDifference(*quick, *base) != std::string());
        QCOMPARE(quick->find(shared.data()), base->find(shared.data())); // the very same record
        QVERIFY(quick->find(redone.data()) != base->find(redone.data()));
        QVERIFY(full->find(shared.data()) != base->find(shared.data()));
        QCOMPARE(quick->blocks.size(), full->blocks.size());
    }

    void aBaseOfAnotherInputIsNotShared()
    {
        const Tensor input = toys::toyInput(toy("toy_drop"));
        ExecuteOptions options = withEdit("blocks.2=off");
        options.base = runToy("toy_drop", {}, input);
        const TracePtr other = runToy("toy_drop", options, input.clone());
        QVERIFY(other->find("blocks.0.out") != options.base->find("blocks.0.out"));
    }

    void aBaseThatLacksRecordsRunsAgainFromThere()
    {
        const Tensor input = toys::toyInput(toy("toy_drop"));
        ExecuteOptions few;
        few.record = {"blocks.0.*", "stages.*"};
        ExecuteOptions options;
        options.base = runToy("toy_drop", few, input);
        const TracePtr all = runToy("toy_drop", options, input);
        QCOMPARE(firstDifference(*all, *runToy("toy_drop", {}, input)), std::string());
        QCOMPARE(all->find("stages.0.keep"), options.base->find("stages.0.keep"));
    }

    void aBlockRunsAlone()
    {
        const Tensor input = toys::toyInput(toy("toy_drop"));
        ExecuteOptions options = withEdit("blocks.0.attn.head.1=off");
        const TracePtr whole = runToy("toy_drop", options, input);
        options.record = {"logits"};
        const TracePtr base = runToy("toy_drop", options, input);
        const TracePtr block
            = executeBlock(toy("toy_drop"), *toys::toyWeights(toy("toy_drop")), base, "blocks.1");
        QCOMPARE(block->steps.front()->all().size(), std::size_t{3});
        for (const RecordPtr& record : block->steps.front()->all())
            QVERIFY(record->value.identical(whole->find(record->path())->value));
        ExecuteOptions forgetful;
        forgetful.keepStates = false;
        const TracePtr empty = runToy("toy_drop", forgetful, input);
        FOVEA_THROWS(executeBlock(toy("toy_drop"), *toys::toyWeights(toy("toy_drop")), empty, "blocks.1"),
            Error, "blocks.1");
        FOVEA_THROWS(executeBlock(toy("toy_drop"), *toys::toyWeights(toy("toy_drop")), base, "blocks.9"),
            Error, "blocks.9");
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
