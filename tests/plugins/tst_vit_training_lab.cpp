// Training as a lab: pure, bit-exact both ways, branched by its rate, and what it says when it cannot.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/source/contract.h"
#include "core/source/recording.h"
#include "core/train/training_lab.h"

#include "tests/support/test.h"

#include <QElapsedTimer>

#include <cmath>

using namespace fovea;

namespace {

const Registry& registry()
{
    static const Registry& all = []() -> const Registry& {
        static Registry sources;
        sources.add(std::make_unique<plugin::vit::Vit>());
        train::addTrainingLab(sources);
        return sources;
    }();
    return all;
}

const Lab& lab() { return *registry().lab("train"); }

const std::string model = "patch_size=4,dim=12,depth=2,heads=2";

Config config(const Answers& fields = {})
{
    Config made(lab().schema());
    made.setText("data", "shapes:size=16");
    made.setText("model", model);
    made.setText("batch", "8");
    made.setText("test_samples", "8");
    for (const auto& [name, value] : fields)
        made.setText(name, value);
    return made;
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
    return std::ranges::equal(a.all(), b.all(), [](const RecordPtr& x, const RecordPtr& y) {
        return x->path() == y->path() && x->value.identical(y->value);
    });
}

double lossAt(const LabRun& run, std::size_t step)
{
    return run.trace->find("loss", step)->value.values<double>()[0];
}

}

class TestVitTrainingLab : public QObject {
    Q_OBJECT

private slots:
    void itKeepsTheContractOfLabs()
    {
        for (const Finding& finding : checkContract(lab()))
            QFAIL((finding.rule + ": " + finding.problem).c_str());
    }

    void aStepIsTheTrainersStep()
    {
        const Config fields = config();
        const LabRunPtr run = walked(startRun(lab(), fields, 5), 3);
        const Architecture& architecture = registry().requireArchitecture(fields.text("architecture"));
        const train::DataSetPtr data = train::openDataSet("shapes:size=16");
        Config settings(train::trainingSchema());
        for (const Field& field : train::trainingSchema())
            if (findField(fields.schema(), field.name))
                settings.set(field.name, fields.value(field.name));
        settings.set("steps", fields.value("schedule_steps"));
        Pool pool(1);
        const train::Trainer trainer({&architecture,
            train::fittedConfig(architecture, Config(architecture.schema()), *data,
                {{"patch_size", "4"}, {"dim", "12"}, {"depth", "2"}, {"heads", "2"}}),
            measurePreprocess(pool, *data), data, train::TrainingSettings(settings), 5});
        train::TrainState state = trainer.start();
        for (std::size_t step = 0; step < 3; ++step) {
            const train::StepResult result = trainer.step(state, {});
            QCOMPARE(lossAt(*run, step), result.loss);
            QCOMPARE(run->trace->find("rate", step)->value.values<double>()[0], result.rate);
            state = result.state;
        }
        for (const auto& [name, tensor] : state.parameters)
            QVERIFY2((*run->state)["parameter." + name].identical(tensor), name.c_str());
    }

    void backAndForthAndWithTwoThreadsItIsTheSame()
    {
        RecordingOptions sparse;
        sparse.every = 4;
        sparse.checkpointEvery = 5;
        RecordingOptions two;
        two.pool = std::make_shared<Pool>(2);
        const LabRunPtr one = walked(startRun(lab(), config(), 1, sparse), 12, sparse);
        const LabRunPtr other = walked(startRun(lab(), config(), 1, two), 12, two);
        QVERIFY(identical(*one->state, *other->state));
        for (const Index step : {Index{11}, Index{7}, Index{0}, Index{4}})
            QVERIFY(
                identical(*stepOf(*one, step, sparse), *other->trace->steps[static_cast<std::size_t>(step)]));
    }

    void itLearns()
    {
        const LabRunPtr run = walked(startRun(lab(), config({{"lr", "0.02"}, {"warmup", "0"}}), 1), 60);
        double first = 0, last = 0;
        for (std::size_t i = 0; i < 10; ++i) {
            first += lossAt(*run, i);
            last += lossAt(*run, 50 + i);
        }
        QVERIFY2(last < first, qPrintable(QString("%1 %2").arg(first).arg(last)));
    }

    void aChangedRateBranches()
    {
        const LabRunPtr run = walked(startRun(lab(), config(), 1), 6);
        const LabRunPtr same = walked(branchOf(run, 3, run->config), 6);
        const LabRunPtr faster = walked(branchOf(run, 3, config({{"lr", "0.5"}})), 6);
        QVERIFY(identical(*same->state, *run->state));
        QVERIFY(!identical(*faster->state, *run->state));
        QCOMPARE(lossAt(*faster, 3), lossAt(*run, 3)); // before the update
        QVERIFY(lossAt(*faster, 4) != lossAt(*run, 4));
        FOVEA_THROWS(branchOf(run, 3, config({{"optimizer", "sgd"}})), UsageError, "'optimizer'");
    }

    void watchingIsFreeOfEffect()
    {
        RecordingOptions blind;
        blind.record = {};
        const LabRunPtr seen = walked(startRun(lab(), config(), 1), 3);
        const LabRunPtr unseen = walked(startRun(lab(), config({{"test_samples", "0"}}), 1, blind), 3, blind);
        QVERIFY(identical(*seen->state, *unseen->state));
    }

    void theWatchedPictureIsOfTheTestSplit()
    {
        const Config fields = config({{"watched", "2"}});
        const Tensor picture = lab().picture(fields, lab().start(fields, 1));
        const Tensor expected
            = train::openDataSet("shapes:size=16")->sample(train::Split::Test, 2).value; // [3, 16, 16]
        QCOMPARE(picture.shape(), (Shape{16, 16, 3}));
        for (std::size_t i = 0; i < 256; ++i)
            for (std::size_t c = 0; c < 3; ++c)
                QCOMPARE(
                    picture.values<std::uint8_t>()[i * 3 + c], expected.values<std::uint8_t>()[c * 256 + i]);
    }

    void aDivergingRateSaysWhatWentFirstAndKeepsTheLastGoodState()
    {
        LabWalk walk(startRun(lab(),
                         config({{"lr", "1000"}, {"clip", "0"}, {"warmup", "0"}, {"optimizer", "sgd"}}), 1),
            {});
        QString message;
        for (int i = 0; i < 200 && message.isEmpty(); ++i) {
            try {
                walk.step();
            } catch (const Error& error) {
                message = error.what();
            }
        }
        QVERIFY2(message.contains("step") && message.contains("not finite"), qPrintable(message));
        for (const auto& [name, tensor] : *walk.run()->state)
            QVERIFY2(allFinite(tensor), name.c_str());
    }

    /// Measuring 4,096 pictures of this size takes minutes.
    void whatTakesAWhileIsTheFirstStepsAndStops()
    {
        const Config large
            = config({{"data", "shapes:size=1024"}, {"model", "patch_size=256,dim=12,depth=1"}});
        QElapsedTimer timer;
        timer.start();
        const NamedTensors state = lab().start(large, 5);
        QVERIFY(!lab().signalInfos(large).empty());
        RunOptions stopped;
        stopped.pool = std::make_shared<Pool>(1);
        stopped.stop.stop();
        const Weights none{Weights::Parts{}};
        Run run(none, stopped);
        QVERIFY_EXCEPTION_THROWN(lab().advance(run, large, state), Cancelled);
        QVERIFY(timer.elapsed() < 20000); // on a busy machine; alone well under a second
    }

    void nonsenseIsNamed()
    {
        FOVEA_THROWS(lab().start(config({{"data", "shapes:size=16,test=20"}, {"watched", "20"}}), 1), Error,
            "field 'watched': expected 0 to 19", "found 20");
        FOVEA_THROWS(lab().start(config({{"model", "dim"}}), 1), UsageError, "'model'", "FIELD=VALUE");
        FOVEA_THROWS(
            lab().start(config({{"model", "nowhere=3"}}), 1), UsageError, "field 'model': ", "'nowhere'");
        FOVEA_THROWS(lab().start(config({{"data", "shapes:size=-1"}}), 1), UsageError, "size");
        FOVEA_THROWS(lab().start(config({{"data", "/nowhere"}}), 1), Error, "/nowhere");
    }
};

QTEST_APPLESS_MAIN(TestVitTrainingLab)
#include "tst_vit_training_lab.moc"
