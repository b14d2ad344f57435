// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/source/execute.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::vit::Vit vit;

Config tiny(std::int64_t depth = 4)
{
    Config config = vit.tinyConfig();
    config.set("depth", depth);
    return config;
}

Tensor input(const Config& config, Index batch = 1)
{
    const Shape sample = vit.inputShape(config);
    return ruleInput({batch, sample[0], sample[1], sample[2]});
}

Tensor unobserved(
    const Weights& weights, const Tensor& x, std::shared_ptr<Pool> pool = {}, const Workspace& workspace = {})
{
    RunOptions options;
    options.pool = std::move(pool);
    options.workspace = workspace;
    Run run(weights, options);
    return vit.forward(run, weights.config(), x);
}

TracePtr observed(
    const Weights& weights, const Tensor& x, const std::vector<std::string>& edits = {}, TracePtr base = {})
{
    ExecuteOptions options;
    for (const std::string& edit : edits)
        options.edits.push_back(Edit::parse(edit));
    options.base = std::move(base);
    return execute(vit, weights, x, options);
}

bool sameRecords(const Trace& a, const Trace& b)
{
    const auto& left = a.steps.front()->all();
    return left.size() == b.steps.front()->all().size()
        && std::ranges::all_of(left, [&](const RecordPtr& record) {
               const RecordPtr other = b.find(record->path());
               return other && other->value.identical(record->value);
           });
}

/// Zeroes what the projection of one block reads from one head, in the weights.
WeightsPtr withoutHead(const WeightsPtr& weights, const std::string& projection, Index head, Index channels)
{
    Weights::Parts parts = weights->parts();
    Tensor w = parts.parameters[projection].clone();
    const Index in = w.dim(1);
    for (Index row = 0; row < w.dim(0); ++row)
        std::fill_n(w.writable().data() + row * in + head * channels, channels, 0.0F);
    parts.parameters.set(projection, w);
    return std::make_shared<const Weights>(std::move(parts));
}

}

class TestVit : public QObject {
    Q_OBJECT
private slots:
    void freshMatricesOfNarrowModelsFollowTheirWidth()
    {
        const auto deviation = [](const char* init, const char* name) {
            Config config = presetConfig(vit, "micro");
            config.set("init", std::string(init));
            const NamedTensors fresh = freshParameters(vit.manifest(config), 3);
            double squares = 0;
            for (const float v : fresh[name].values<float>())
                squares += static_cast<double>(v * v);
            return std::sqrt(squares / static_cast<double>(fresh[name].count()));
        };
        const double glorot = std::sqrt(2.0 / (96 + 384));
        QVERIFY(std::abs(deviation("glorot", "blocks.2.mlp.fc1.weight") / glorot - 1) < 0.15); // truncated
        QVERIFY(std::abs(deviation("deit", "blocks.2.mlp.fc1.weight") / 0.02 - 1) < 0.15);
        QVERIFY(deviation("glorot", "pos_embed") > 10 * deviation("deit", "pos_embed"));
        QCOMPARE(deviation("glorot", "head.weight"), deviation("deit", "head.weight"));
    }

    // Counts of the sheet vit_deit.md.
    void presetsHaveTheirPublishedSize()
    {
        const std::pair<const char*, Index> sizes[] = {{"deit_tiny_patch16_224", 5717416},
            {"deit_small_patch16_224", 22050664}, {"deit_base_patch16_224", 86567656},
            {"deit_tiny_distilled_patch16_224", 5910800}, {"deit_small_distilled_patch16_224", 22436432},
            {"deit_base_distilled_patch16_224", 87338192}, {"vit_tiny_patch16_224", 5717416}};
        for (const auto& [preset, expected] : sizes) {
            Index count = 0;
            for (const ParameterInfo& info : vit.manifest(presetConfig(vit, preset)))
                count += info.shape.count();
            QCOMPARE(count, expected);
        }
        QCOMPARE(
            vit.inputShape(presetConfig(vit, "deit_base_patch16_384")).text(), std::string("[3, 384, 384]"));
    }

    void contradictionsAreRefused()
    {
        const auto refuses = [](const char* field, const FieldValue& value, const char* what) {
            Config config = vit.tinyConfig();
            config.set(field, value);
            FOVEA_THROWS(vit.manifest(config), Error, what);
        };
        refuses("heads", std::int64_t{5}, "heads");
        refuses("patch_size", std::int64_t{7}, "patch_size");
        refuses("class_token", false, "class_token");
    }

    void everyDeclaredSignalIsShownOnce_data()
    {
        QTest::addColumn<bool>("postNorm");
        QTest::addColumn<bool>("distilled");
        QTest::addColumn<bool>("mean");
        QTest::newRow("plain") << false << false << false;
        QTest::newRow("post-norm") << true << false << false;
        QTest::newRow("distilled") << false << true << false;
        QTest::newRow("mean") << false << false << true;
    }
    void everyDeclaredSignalIsShownOnce()
    {
        QFETCH(const bool, postNorm);
        QFETCH(const bool, distilled);
        QFETCH(const bool, mean);
        Config config = tiny();
        config.set("pre_norm", !postNorm);
        config.set("distilled", distilled);
        config.set("pool", std::string(mean ? "mean" : "cls"));
        const TracePtr trace = observed(*ruleWeights(vit, config), input(config));
        std::vector<std::string> declared, shown;
        for (const SignalInfo& info : vit.signalInfos(config))
            declared.push_back(info.path);
        for (const RecordPtr& record : trace->steps.front()->all())
            shown.push_back(record->path());
        QCOMPARE(shown, declared);
    }

    void observingChangesNoBit()
    {
        const Config config = tiny();
        const WeightsPtr weights = ruleWeights(vit, config);
        const Tensor x = input(config), plain = unobserved(*weights, x);
        QVERIFY(observed(*weights, x)->output.identical(plain.at(0)));
        QVERIFY(unobserved(*weights, x).identical(plain));
        ExecuteOptions frugal;
        frugal.budget = 0; // factors instead of patterns
        QVERIFY(execute(vit, *weights, x, frugal)->output.identical(plain.at(0)));
    }

    /// Patterns beyond the budget are kept as factors; scores have none.
    void whatExceedsTheBudgetIsNamed()
    {
        const Config config = tiny(2);
        const WeightsPtr weights = freshWeights(vit, config, 5);
        const Tensor x = input(config);
        ExecuteOptions options;
        const TracePtr whole = execute(vit, *weights, x, options);
        QVERIFY(whole->leftOut.empty());
        options.budget = whole->find("blocks.0.attn.scores")->byteSize();
        const std::vector<std::string> second{"blocks.1.attn.scores"};
        const TracePtr trace = execute(vit, *weights, x, options);
        QCOMPARE(trace->leftOut, second);
        QVERIFY(trace->find("blocks.0.attn.scores") && !trace->find("blocks.1.attn.scores"));
        QVERIFY(trace->find("blocks.1.attn.pattern")->factors.defined());
    }

    void threadsChangeNoBit()
    {
        const Config config = presetConfig(vit, "deit_tiny_patch16_224");
        const WeightsPtr weights = ruleWeights(vit, config);
        const Tensor x = input(config), alone = unobserved(*weights, x);
        for (const int threads : {2, 3})
            QVERIFY(unobserved(*weights, x, std::make_shared<Pool>(threads)).identical(alone));
    }

    void samplesOfABatchDoNotMeet()
    {
        const Config config = tiny();
        const WeightsPtr weights = ruleWeights(vit, config);
        const Tensor pair = input(config, 2), both = unobserved(*weights, pair);
        for (Index i = 0; i < 2; ++i)
            QVERIFY(unobserved(*weights, pair.rows(i, i + 1)).identical(both.rows(i, i + 1)));
        QVERIFY(!both.rows(0, 1).identical(both.rows(1, 2)));
    }

    void rowsOfAPatternSumToOne()
    {
        const Config config = tiny();
        const RecordPtr pattern
            = observed(*ruleWeights(vit, config), input(config))->find("blocks.2.attn.pattern");
        QCOMPARE(pattern->value.shape().text(), std::string("[1, 3, 17, 17]"));
        const auto values = pattern->value.values<float>();
        for (std::size_t row = 0; row < values.size(); row += 17) {
            double sum = 0;
            for (std::size_t j = 0; j < 17; ++j)
                sum += values[row + j];
            QVERIFY(std::abs(sum - 1) < 1e-6);
        }
    }

    void switchingAHeadOffEqualsZeroingByHand()
    {
        const Config config = tiny();
        const WeightsPtr weights = ruleWeights(vit, config);
        const Tensor x = input(config);
        const TracePtr edited = observed(*weights, x, {"blocks.3.attn.head.1=off"});
        const WeightsPtr byHand = withoutHead(weights, "blocks.3.attn.proj.weight", 1, 8);
        QVERIFY(relativeDifference(edited->output, unobserved(*byHand, x).at(0)) < 1e-6);
        QVERIFY(relativeDifference(edited->output, unobserved(*weights, x).at(0)) > 1e-3);
    }

    void editedPatternsAndScoresEnterTheOutput()
    {
        const Config config = tiny();
        const WeightsPtr weights = ruleWeights(vit, config);
        const Tensor x = input(config), plain = unobserved(*weights, x).at(0);
        for (const char* edit :
            {"blocks.1.attn.pattern.*.*.cls=cut:renorm", "blocks.1.attn.scores.0=off", "blocks.1.attn.q=off"})
            QVERIFY2(relativeDifference(observed(*weights, x, {edit})->output, plain) > 1e-4, edit);
        // Scores all zero and queries all zero both give uniform attention.
        const TracePtr scores = observed(*weights, x, {"blocks.1.attn.scores=off"});
        const TracePtr queries = observed(*weights, x, {"blocks.1.attn.q=off"});
        QVERIFY(scores->output.identical(queries->output));
        QVERIFY(std::abs(scores->find("blocks.1.attn.pattern")->value.data()[5] - 1.0F / 17) < 1e-7F);
    }

    void rerunFromAnEditedBlockEqualsTheWholeRun()
    {
        const Config config = tiny();
        const WeightsPtr weights = ruleWeights(vit, config);
        const Tensor x = input(config);
        const TracePtr base = observed(*weights, x);
        const std::vector<std::string> edits{"blocks.2.attn.head.0=scale:0.5"};
        const TracePtr whole = observed(*weights, x, edits), rerun = observed(*weights, x, edits, base);
        QVERIFY(rerun->output.identical(whole->output));
        QVERIFY(sameRecords(*rerun, *whole));
        QVERIFY(rerun->find("blocks.1.out")->value.same(base->find("blocks.1.out")->value));
    }

    void anySignalComesFromOneBlock()
    {
        const Config config = tiny();
        const WeightsPtr weights = ruleWeights(vit, config);
        const TracePtr base = observed(*weights, input(config));
        for (const std::string& block : vit.blocks(config)) {
            const TracePtr one = executeBlock(vit, *weights, base, block);
            QVERIFY(!one->steps.front()->all().empty());
            for (const RecordPtr& record : one->steps.front()->all())
                QVERIFY2(record->value.identical(base->find(record->path())->value), record->path().c_str());
        }
    }

    void cancellingStops()
    {
        const Config config = tiny();
        ExecuteOptions options;
        int blocks = 0;
        options.progress = [&](double) {
            if (++blocks == 2)
                options.stop.stop();
        };
        QVERIFY_THROWS_EXCEPTION(Cancelled, execute(vit, *ruleWeights(vit, config), input(config), options));
        QCOMPARE(blocks, 2);
    }
};

QTEST_APPLESS_MAIN(TestVit)
#include "tst_vit.moc"
