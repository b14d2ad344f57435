// A tiny vision transformer learns: PyTorch's losses, the same bits however it is run, and what stops it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/io/checkpoint_file.h"
#include "core/train/training.h"

#include "tests/support/golden.h"
#include "tests/support/json_fixture.h"
#include "tests/support/striped_data.h"

#include <QTemporaryDir>

#include <cmath>
#include <set>

using namespace fovea;
using namespace fovea::test;
using train::Split;

namespace {

const plugin::vit::Vit vit;

Config settingsWith(const std::vector<std::pair<std::string, std::string>>& fields)
{
    Config config(train::trainingSchema());
    for (const auto& [name, value] : fields)
        config.setText(name, value);
    return config;
}

Config tiny(const train::DataSet& data)
{
    return fittedConfig(vit, vit.tinyConfig(), data, {{"patch_size", "4"}, {"depth", "1"}});
}

train::TrainingTask taskOn(const train::DataSetPtr& data, const Config& settings)
{
    train::TrainingTask task{&vit, tiny(*data), {}, data, train::TrainingSettings(settings), 5};
    task.preprocess.mean = task.preprocess.std = {0.5F, 0.5F, 0.5F};
    return task;
}

train::DataSetPtr stripes(Index train = 40, Index test = 20)
{
    return std::make_shared<StripedData>(3, 16, 4, train, test);
}

train::StepMeans threads(int count)
{
    train::StepMeans means;
    means.pool = std::make_shared<Pool>(count);
    return means;
}

bool areIdentical(const NamedTensors& a, const NamedTensors& b)
{
    for (const auto& [name, value] : a)
        if (const Tensor* other = b.find(name); !other || !value.identical(*other))
            return false;
    return std::distance(a.begin(), a.end()) == std::distance(b.begin(), b.end()) && !a.empty();
}

const std::vector<std::pair<std::string, std::string>> lively{
    {"batch", "6"}, {"steps", "11"}, {"pad", "2"}, {"flip", "yes"}, {"erase", "0.5"}};

}

class TestVitTrain : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    train::TrainingFiles filesIn(const char* name) const
    {
        train::TrainingFiles files;
        files.output = folder_.filePath(name).toStdString();
        files.provenance = {"fovea train", "stripes", settingsWith(lively).json(), ""};
        return files;
    }

private slots:
    void fiveStepsArePyTorchs()
    {
        const QJsonObject golden = fixture("train/steps.json");
        const Config config = Config::fromJson(
            vit.schema(), QJsonDocument(golden["config"].toObject()).toJson().toStdString());
        const auto data = std::make_shared<StripedData>(3, config.count("image_size"), 7, 30, 1);
        train::TrainingTask task{&vit, config, {}, data,
            train::TrainingSettings(settingsWith({{"lr", "0.001"}, {"weight_decay", "0.05"}, {"clip", "1"},
                {"label_smoothing", "0.1"}, {"schedule", "constant"}, {"warmup", "0"}})),
            0};
        const train::Trainer trainer(std::move(task));
        train::TrainState state = trainer.start();
        for (const ParameterInfo& info : vit.manifest(config))
            state.parameters.set(info.name, ruleParameter(info.name, info.shape));
        const auto losses = numbersOf(golden["losses"]), norms = numbersOf(golden["norms"]);
        QCOMPARE(losses.size(), std::size_t{5});
        for (std::int32_t step = 0; step < 5; ++step) {
            train::Batch batch;
            batch.input = ruleInput({3, 3, 20, 20}, "picture." + std::to_string(step));
            batch.labels = Tensor::of<std::int32_t>(
                {3}, std::vector<std::int32_t>{2 * step % 7, (2 * step + 1) % 7, (2 * step + 2) % 7});
            const train::StepResult result = trainer.stepOn(state, batch, threads(2));
            const auto i = static_cast<std::size_t>(step);
            QCOMPARE_LT(std::abs(result.loss / losses[i] - 1), 2e-5);
            QCOMPARE_LT(std::abs(result.gradientNorm / norms[i] - 1), 2e-4);
            state = result.state;
        }
        const QJsonObject ends = golden["parameters"].toObject();
        for (const auto& [name, value] : state.parameters) {
            const auto expected = numbersOf(ends[QString::fromStdString(name)]);
            QVERIFY2(!expected.empty(), name.c_str());
            const auto found = value.toDoubles();
            // a step is 1e-3 whatever the gradient's size: where that is near 0, so is what can be asked
            for (std::size_t k = 0; k < expected.size(); ++k)
                QVERIFY2(std::abs(found[k] - expected[k]) < 2e-4, name.c_str());
        }
    }

    void afewPicturesAreLearntByHeart()
    {
        const auto data = stripes(8);
        const train::Trainer trainer(
            taskOn(data, settingsWith({{"batch", "8"}, {"steps", "60"}, {"lr", "0.01"}, {"warmup", "0"}})));
        train::TrainState state = trainer.start();
        double last = 0;
        while (state.step < trainer.steps()) {
            const train::StepResult result = trainer.step(state, threads(1));
            state = result.state;
            last = result.loss;
        }
        QCOMPARE_LT(last, 0.01);
        QCOMPARE(trainer.evaluate(state.parameters, Split::Train, threads(1)).right, 8);
        QCOMPARE_GT(
            trainer.evaluate(state.parameters, Split::Test, threads(1)).right, 15); // of 20; chance is 5
    }

    void anyNumberOfThreadsGivesTheSameBits()
    {
        const train::Trainer trainer(taskOn(stripes(), settingsWith(lively)));
        train::TrainState one = trainer.start(), three = trainer.start();
        for (int step = 0; step < 4; ++step) {
            one = trainer.step(one, threads(1)).state;
            three = trainer.step(three, threads(3)).state;
        }
        QVERIFY(areIdentical(one.parameters, three.parameters));
        QVERIFY(areIdentical(one.moments, three.moments));
        QVERIFY(!areIdentical(one.parameters, trainer.start().parameters));
    }

    void anyStepIsComputedAgainFromACheckpoint()
    {
        const train::Trainer trainer(taskOn(stripes(), settingsWith(lively)));
        Registry registry;
        registry.add(std::make_unique<plugin::vit::Vit>());
        train::TrainState state = trainer.start();
        for (int step = 0; step < 3; ++step)
            state = trainer.step(state, threads(1)).state;
        const std::string path = folder_.filePath("state.h5").toStdString();
        io::writeCheckpoint(path, Weights(trainer.partsWith(state.parameters)), state.step, state.moments);
        const io::TrainingCheckpoint checkpoint = io::readCheckpoint(path, registry);
        QCOMPARE(checkpoint.step, 3);
        const train::Trainer other(taskOn(stripes(), settingsWith(lively)));
        const train::StepResult again = other.step(
            {checkpoint.step, checkpoint.opened.weights->parts().parameters, checkpoint.moments}, threads(2));
        const train::StepResult first = trainer.step(state, threads(1));
        QCOMPARE(again.loss, first.loss);
        QVERIFY(areIdentical(again.state.parameters, first.state.parameters));
        QVERIFY(areIdentical(again.state.moments, first.state.moments));
    }

    void everyEpochShowsEachSampleOnceInAnotherOrder()
    {
        const train::Trainer trainer(taskOn(stripes(43), settingsWith({{"batch", "10"}, {"epochs", "2"}})));
        QCOMPARE(trainer.stepsPerEpoch(), 4); // three samples wait
        QCOMPARE(trainer.steps(), 8);
        std::vector<std::vector<Index>> epochs(2);
        for (Index step = 0; step < 8; ++step)
            for (const Index sample : trainer.samplesOf(step))
                epochs[static_cast<std::size_t>(step / 4)].push_back(sample);
        for (const auto& epoch : epochs) {
            const std::set<Index> distinct(epoch.begin(), epoch.end());
            QCOMPARE(distinct.size(), std::size_t{40});
            QVERIFY(*distinct.begin() >= 0 && *distinct.rbegin() < 43);
        }
        QVERIFY(epochs[0] != epochs[1]);
        QCOMPARE(trainer.samplesOf(0), std::vector<Index>(epochs[0].begin(), epochs[0].begin() + 10));
    }

    void aStoppedTrainingGoesOnToTheSameBytes()
    {
        Registry registry;
        registry.add(std::make_unique<plugin::vit::Vit>());
        const train::Trainer trainer(taskOn(stripes(), settingsWith(lively)));
        const train::TrainingFiles whole = filesIn("whole.h5"), broken = filesIn("broken.h5");
        train::train(trainer, trainer.start(), whole, threads(1));
        const train::StepMeans means = threads(2);
        const auto stopAtSeven = [&](const train::StepResult& result) {
            if (result.state.step == 7)
                means.stop.stop();
        };
        QVERIFY_EXCEPTION_THROWN(
            train::train(trainer, trainer.start(), broken, means, {stopAtSeven, {}}), Cancelled);
        QVERIFY(!QFile::exists(folder_.filePath("broken.h5")));
        const train::TrainState state = readState(trainer, broken, registry);
        QCOMPARE(state.step, 7);
        train::train(trainer, state, broken, threads(1));
        QVERIFY(contentOf(folder_.filePath("whole.h5")).size() > 1000);
        QCOMPARE(contentOf(folder_.filePath("broken.h5")), contentOf(folder_.filePath("whole.h5")));
        QVERIFY(!QFile::exists(folder_.filePath("broken.checkpoint.h5")));
    }

    void aCheckpointOfAnotherTrainingIsRefused()
    {
        Registry registry;
        registry.add(std::make_unique<plugin::vit::Vit>());
        const train::TrainingFiles files = filesIn("other.h5");
        const train::StepMeans means = threads(1);
        const auto stopAtOnce = [&](const train::StepResult&) { means.stop.stop(); };
        const train::Trainer trainer(taskOn(stripes(), settingsWith(lively)));
        QVERIFY_EXCEPTION_THROWN(
            train::train(trainer, trainer.start(), files, means, {stopAtOnce, {}}), Cancelled);
        train::TrainingTask seeded = taskOn(stripes(), settingsWith(lively));
        seeded.seed = 6;
        FOVEA_THROWS(readState(train::Trainer{seeded}, files, registry), Error, "other.checkpoint.h5",
            "checkpoint.h5: field 'seed': 5 in this checkpoint, 6 here");
        train::TrainingFiles changed = files;
        auto faster = lively;
        faster.emplace_back("lr", "0.01");
        changed.provenance.settings = settingsWith(faster).json();
        FOVEA_THROWS(readState(trainer, changed, registry), Error,
            "checkpoint.h5: field 'lr': 0.001 in this checkpoint, 0.01 here");
        train::TrainingTask deeper = taskOn(stripes(), settingsWith(lively));
        deeper.config.set("depth", std::int64_t{2});
        FOVEA_THROWS(readState(train::Trainer{deeper}, files, registry), Error,
            "checkpoint.h5: field 'depth': 1 in this checkpoint, 2 here");
        changed = files;
        changed.provenance.init = "abc";
        FOVEA_THROWS(readState(trainer, changed, registry), Error, "field 'init': \"\" in this");
        changed = files;
        changed.provenance.data = "others";
        FOVEA_THROWS(readState(trainer, changed, registry), Error, "field 'data': \"stripes\" in this");
        changed = files;
        changed.provenance.dataHash = "another";
        FOVEA_THROWS(
            readState(trainer, changed, registry), Error, "the data, 'stripes', are no longer those");
        train::TrainingTask lighter = taskOn(stripes(), settingsWith(lively));
        lighter.preprocess.mean[1] = 0.25F;
        FOVEA_THROWS(readState(train::Trainer{lighter}, files, registry), Error, "are no longer those");
    }

    void theFirstTensorThatIsNotFiniteIsNamed()
    {
        const train::Trainer trainer(taskOn(stripes(), settingsWith(lively)));
        const auto withParameter = [&](const char* name, float value) {
            train::TrainState state = trainer.start();
            state.step = 2;
            Tensor changed = state.parameters[name].clone();
            std::ranges::fill(changed.writable(), value);
            state.parameters.set(name, changed);
            return state;
        };
        FOVEA_THROWS(trainer.step(withParameter("blocks.0.norm2.bias", NAN), threads(1)), train::Diverged,
            "step 3", "parameter 'blocks.0.norm2.bias'");
        FOVEA_THROWS(trainer.step(withParameter("blocks.0.attn.qkv.bias", 1e30F), threads(1)),
            train::Diverged, "step 3", "signal 'blocks.0.attn.scores'");
    }

    // without any checkpoint due: what it was before it went wrong is kept all the same
    void aTrainingThatDivergesKeepsItsLastGoodState()
    {
        const train::Trainer trainer(taskOn(stripes(),
            settingsWith({{"batch", "6"}, {"steps", "40"}, {"lr", "1e3"}, {"clip", "0"}, {"optimizer", "sgd"},
                {"warmup", "40"}, {"momentum", "0.99"}})));
        train::TrainingFiles files = filesIn("diverged.h5");
        files.checkpointEvery = 1000;
        Index last = 0;
        FOVEA_THROWS(train::train(trainer, trainer.start(), files, threads(1),
                         {[&](const train::StepResult& result) { last = result.state.step; }, {}}),
            train::Diverged, "step ", "not finite", "the last good checkpoint is", "diverged.checkpoint.h5");
        QVERIFY(!QFile::exists(folder_.filePath("diverged.h5")));
        Registry registry;
        registry.add(std::make_unique<plugin::vit::Vit>());
        const auto kept = io::readCheckpoint(files.checkpoint(), registry);
        QVERIFY(kept.step > 0);
        QCOMPARE(kept.step, last - 1); // the last step was made from it, and its result failed
        QVERIFY(std::isfinite(
            trainer.step({kept.step, kept.opened.weights->parts().parameters, kept.moments}, threads(1))
                .loss));
    }

    void dataThatDoesNotFitIsNamedByTheField()
    {
        const auto data = stripes();
        train::TrainingTask task = taskOn(data, settingsWith({}));
        task.config.set("classes", std::int64_t{7});
        FOVEA_THROWS(train::Trainer{task}, Error, "field 'classes': expected 4", "found 7");
        task.config = tiny(*data);
        task.config.set("image_size", std::int64_t{32});
        FOVEA_THROWS(train::Trainer{task}, Error, "field 'image_size': expected 16", "found 32");
        task.config = tiny(*data);
        task.config.set("in_chans", std::int64_t{1});
        FOVEA_THROWS(train::Trainer{task}, Error, "field 'in_chans': expected 3", "found 1");
        FOVEA_THROWS(fittedConfig(vit, vit.tinyConfig(), *data, {{"patch_size", "5"}}), AnswerError,
            "field 'patch_size'");
        FOVEA_THROWS(fittedConfig(vit, vit.tinyConfig(), *data, {{"patch_size", "4"}, {"heads", "5"}}),
            AnswerError, "field 'heads'");
        Config coarse = vit.tinyConfig();
        coarse.set("patch_size", std::int64_t{5});
        FOVEA_THROWS(fittedConfig(vit, coarse, *data, {}), Error,
            "data set 'stripes' does not fit: field 'patch_size'");
        QCOMPARE(fittedConfig(vit, Config(vit.schema()), *data, {}).count("classes"), 4);
        FOVEA_THROWS(fittedConfig(vit, Config(vit.schema()), *data, {{"dimm", "4"}}), UsageError, "dimm");
        FOVEA_THROWS(train::Trainer(taskOn(stripes(0), settingsWith({}))), Error, "no training samples");
    }

    // p = 0.9, n = 100: by hand
    void theIntervalIsWilsons()
    {
        const auto [low, high] = train::Accuracy{90, 100, 0}.interval();
        QCOMPARE_LT(std::abs(low - 0.82563), 1e-5);
        QCOMPARE_LT(std::abs(high - 0.94477), 1e-5);
        QCOMPARE((train::Accuracy{0, 0, 0}.interval().high), 1.0);
    }
};

QTEST_APPLESS_MAIN(TestVitTrain)
#include "tst_vit_train.moc"
