// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/source/execute_backward.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

#include <QDir>

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::vit::Vit vit;

Config tiny()
{
    Config config = vit.tinyConfig();
    config.set("depth", std::int64_t{3});
    return config;
}

Tensor input(const Config& config, Index batch)
{
    const Shape sample = vit.inputShape(config);
    return ruleInput({batch, sample[0], sample[1], sample[2]});
}

/// All that can be asked for.
BackwardOptions everything()
{
    BackwardOptions all;
    all.signalPaths = {"*"};
    all.parameters = {"*"};
    all.ofInput = true;
    return all;
}

BackwardResult gradients(const Weights& weights, const Tensor& x, const ExecuteOptions& options = {})
{
    return executeBackward(vit, weights, x, everything(), options);
}

ExecuteOptions withEdits(const std::vector<std::string>& edits)
{
    ExecuteOptions options;
    for (const std::string& edit : edits)
        options.edits.push_back(Edit::parse(edit));
    return options;
}

/// The captures whose gradient is missing or wrong; and gradients that are not zero where autograd has none.
template <class Find>
QStringList differences(const std::vector<Capture>& captures, Find find)
{
    QStringList wrong;
    for (const Capture& expected : captures) {
        const Tensor found = find(expected.path);
        if (!found.defined())
            wrong << QString::fromStdString(expected.path) + " has no gradient";
        else if (const QString text = difference(found.toDoubles(), expected, 2e-5); !text.isEmpty())
            wrong << text;
    }
    return wrong;
}

bool isCaptured(const std::vector<Capture>& captures, const std::string& path)
{
    return std::ranges::any_of(captures, [&](const Capture& capture) { return capture.path == path; });
}

bool isZero(const Tensor& t)
{
    return std::ranges::all_of(t.values<float>(), [](float v) { return v == 0; });
}

bool sameGradients(const BackwardResult& a, const BackwardResult& b)
{
    const auto& records = a.trace->steps.front()->all();
    return a.input.identical(b.input) && std::ranges::all_of(a.parameters, [&](const auto& entry) {
        return entry.second.identical(b.parameters[entry.first]);
    }) && std::ranges::all_of(records, [&](const RecordPtr& record) {
        return record->value.identical(b.trace->find(record->path())->value);
    });
}

/// One training step's forward and backward.
struct Step {
    Tensor output;
    NamedTensors gradients;
};

Step trained(const Weights& weights, const Tensor& x, RunOptions options)
{
    Tape tape({{"*"}, {}});
    options.tape = &tape;
    options.isTraining = true;
    Run run(weights, options);
    const Tensor output = vit.forward(run, weights.config(), x);
    tape.backward(run, output, ruleInput(output.shape(), "cotangent"));
    return {output, tape.parameterGradients()};
}

}

class TestVitGradients : public QObject {
    Q_OBJECT
private slots:
    void gradientsEqualAutograd_data()
    {
        QTest::addColumn<QString>("file");
        const QDir folder(FOVEA_FIXTURES "/gradients");
        for (const QString& name : folder.entryList({"*.json"}))
            QTest::newRow(qPrintable(name)) << folder.filePath(name);
        QVERIFY(folder.entryList({"*.json"}).size() >= 9);
    }
    void gradientsEqualAutograd()
    {
        QFETCH(const QString, file);
        const GoldenGradients golden = readGoldenGradients(file);
        const Config config = Config::fromJson(vit.schema(), golden.config);
        const WeightsPtr weights = ruleWeights(vit, config);
        ExecuteOptions options = withEdits(golden.edits);
        options.sample = golden.sample;
        BackwardOptions all = everything();
        all.cotangent = [](const Tensor& output) { return ruleInput(output.shape(), "cotangent"); };
        const BackwardResult found
            = executeBackward(vit, *weights, ruleInput(golden.inputShape), all, options);

        QStringList wrong = differences(golden.signalGradients, [&](const std::string& path) {
            const RecordPtr record = found.trace->find("grad." + path);
            return record ? record->value : Tensor();
        });
        wrong += differences(golden.parameters, [&](const std::string& name) {
            const Tensor* gradient = found.parameters.find(name);
            return gradient ? *gradient : Tensor();
        });
        wrong += differences({golden.input}, [&](const std::string&) { return found.input; });
        for (const auto& [name, gradient] : found.parameters)
            if (!isCaptured(golden.parameters, name) && !isZero(gradient))
                wrong << QString::fromStdString(name) + " has a gradient that autograd lacks";
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join("\n")));
    }

    void recordsHaveTheShapeOfTheirSignals()
    {
        const Config config = tiny();
        const TracePtr trace = gradients(*ruleWeights(vit, config), input(config, 2)).trace;
        for (const SignalInfo& info : vit.signalInfos(config)) {
            const RecordPtr signal = trace->find(info.path), gradient = trace->find("grad." + info.path);
            QVERIFY2(gradient, info.path.c_str());
            QCOMPARE(gradient->kind(), signal->kind());
            QCOMPARE(gradient->axes, signal->axes);
            QCOMPARE(gradient->info.depth, signal->info.depth);
            QVERIFY(gradient->queries == signal->queries || *gradient->queries == *signal->queries);
        }
    }

    void threadsChangeNoBit()
    {
        const Config config = presetConfig(vit, "deit_tiny_patch16_224");
        const WeightsPtr weights = ruleWeights(vit, config);
        const Tensor x = input(config, 2);
        ExecuteOptions options;
        options.record = {};
        const BackwardResult alone = gradients(*weights, x, options);
        for (const int threads : {2, 3}) {
            options.pool = std::make_shared<Pool>(threads);
            QVERIFY(sameGradients(alone, gradients(*weights, x, options)));
        }
    }

    void aTapeChangesNoBitOfTheForward()
    {
        const Config config = tiny();
        const WeightsPtr weights = ruleWeights(vit, config);
        const Tensor x = input(config, 2);
        Run run(*weights);
        const Tensor plain = vit.forward(run, config, x);
        QVERIFY(trained(*weights, x, {}).output.identical(plain));
        const BackwardResult observed = gradients(*weights, x);
        QVERIFY(observed.output.identical(plain));
        const TracePtr trace = execute(vit, *weights, x);
        for (const RecordPtr& record : trace->steps.front()->all())
            QVERIFY2(
                observed.trace->find(record->path())->value.identical(record->value), record->path().c_str());
    }

    void observingChangesNoBitOfTheGradients()
    {
        const Config config = tiny();
        const WeightsPtr weights = ruleWeights(vit, config);
        const Tensor x = input(config, 1);
        const BackwardResult watched = gradients(*weights, x);
        BackwardOptions only;
        only.parameters = {"*"};
        ExecuteOptions blind;
        blind.record = {};
        const BackwardResult plain = executeBackward(vit, *weights, x, only, blind);
        QVERIFY(!plain.input.defined() && plain.trace->steps.front()->all().empty());
        for (const auto& [name, gradient] : plain.parameters)
            QVERIFY2(gradient.identical(watched.parameters[name]), name.c_str());
    }

    void samplesOfABatchDoNotMeet()
    {
        const Config config = tiny();
        const WeightsPtr weights = ruleWeights(vit, config);
        const Tensor pair = input(config, 2);
        const BackwardResult both = gradients(*weights, pair);
        for (Index i = 0; i < 2; ++i)
            QVERIFY(gradients(*weights, pair.rows(i, i + 1)).input.identical(both.input.rows(i, i + 1)));
    }

    /// What lies before the first signal asked for is not recorded, and what is asked for is the same.
    void aPatternAloneCostsNoMoreThanItself()
    {
        const Config config = tiny();
        const WeightsPtr weights = ruleWeights(vit, config);
        const Tensor x = input(config, 1);
        BackwardOptions only;
        only.cotangent = classLogit(3);
        only.signalPaths = {"blocks.*.attn.pattern"};
        const BackwardResult found = executeBackward(vit, *weights, x, only);
        QVERIFY(found.parameters.empty() && !found.input.defined());
        BackwardOptions all = everything();
        all.cotangent = classLogit(3);
        const BackwardResult whole = executeBackward(vit, *weights, x, all);
        for (int i = 0; i < 3; ++i) {
            const std::string path = "grad.blocks." + std::to_string(i) + ".attn.pattern";
            QVERIFY(found.trace->find(path)->value.identical(whole.trace->find(path)->value));
        }
    }

    void gradientsBeyondTheBudgetAreNamed()
    {
        const Config config = tiny();
        ExecuteOptions options;
        options.record = {};
        options.budget = 0;
        const BackwardResult found = gradients(*ruleWeights(vit, config), input(config, 1), options);
        QVERIFY(!found.trace->find("grad.blocks.0.attn.pattern"));
        QVERIFY(std::ranges::count(found.trace->leftOut, "grad.blocks.0.attn.pattern") == 1);
        QVERIFY(found.trace->find("grad.blocks.0.attn.head"));
    }

    void aSecondStepTakesNothingFromTheSystem()
    {
        const Config config = tiny();
        const WeightsPtr weights = ruleWeights(vit, config);
        const Tensor x = input(config, 2);
        RunOptions options;
        options.pool = std::make_shared<Pool>(2);
        trained(*weights, x, options);
        const std::size_t before = options.workspace.allocations();
        for (int i = 0; i < 3; ++i)
            trained(*weights, x, options);
        QCOMPARE(options.workspace.allocations(), before);
    }

    void dropoutActsInTrainingOnly()
    {
        Config config = tiny();
        const Tensor x = input(config, 4);
        const WeightsPtr original = ruleWeights(vit, config);
        Run plain(*original);
        const Tensor expected = vit.forward(plain, config, x);
        for (const char* field : {"dropout", "drop_path"}) {
            Config random = config;
            random.set(field, 0.3);
            const WeightsPtr weights = ruleWeights(vit, random);
            Run still(*weights);
            QVERIFY2(vit.forward(still, random, x).identical(expected), field);
            RunOptions first, again, next;
            next.step = 1;
            again.pool = std::make_shared<Pool>(2);
            const Step a = trained(*weights, x, first), b = trained(*weights, x, again);
            QVERIFY2(!a.output.identical(expected), field);
            QVERIFY2(a.output.identical(b.output), field);
            QVERIFY2(
                a.gradients["blocks.0.attn.qkv.weight"].identical(b.gradients["blocks.0.attn.qkv.weight"]),
                field);
            QVERIFY2(!trained(*weights, x, next).output.identical(a.output), field);
        }
    }
};

QTEST_APPLESS_MAIN(TestVitGradients)
#include "tst_vit_gradients.moc"
