// Word-level language models that learn a text: their settings, the lab, the file that comes of it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/word_lm/word_lm.h"

#include "core/io/open_weights.h"
#include "core/source/execute.h"
#include "core/source/parity.h"
#include "core/source/recording.h"
#include "core/trace/attention.h"
#include "core/train/training.h"
#include "core/train/training_lab.h"

#include "tests/support/test.h"

#include <QTemporaryDir>

#include <cmath>

using namespace fovea;
using namespace fovea::test;

namespace {

const std::string text = std::string(FOVEA_FIXTURES) + "/../../resources/samples/coriolanus.txt";
const std::string smallText = text + ":vocab=words,most=40,length=8";

const Registry& registry()
{
    static const Registry& all = []() -> const Registry& {
        static Registry made;
        made.add(std::make_unique<plugin::word_lm::WordLm>());
        train::addTrainingLab(made);
        return made;
    }();
    return all;
}
const Architecture& wordLm() { return registry().requireArchitecture("word_lm"); }
const Lab& lab() { return *registry().lab("train"); }

const Answers plainSgd{
    {"optimizer", "sgd"}, {"momentum", "0"}, {"warmup", "0"}, {"schedule", "epochs"}, {"clip", "0.5"}};

train::TrainingSettings settingsWith(const Answers& fields)
{
    Config config(train::trainingSchema());
    for (const Answers& all : {plainSgd, fields})
        for (const auto& [name, value] : all)
            config.setText(name, value);
    return train::TrainingSettings(config);
}

train::TrainingTask taskWith(const Answers& fields, const std::string& data = smallText)
{
    const train::DataSetPtr set = train::openDataSet(data);
    return {&wordLm(),
        train::fittedConfig(
            wordLm(), Config(wordLm().schema()), *set, {{"dim", "12"}, {"hidden", "16"}, {"dropout", "0"}}),
        {}, set, settingsWith(fields), 5};
}

Config labConfig(const Answers& fields)
{
    Config config(lab().schema());
    for (const Answers& all : {plainSgd,
             Answers{{"architecture", "word_lm"}, {"model", "dim=12,hidden=16,dropout=0.1"},
                 {"data", smallText}, {"batch", "20"}},
             fields})
        for (const auto& [name, value] : all)
            config.setText(name, value);
    return config;
}

LabRunPtr walked(const Config& config, Index steps)
{
    RecordingOptions options;
    LabWalk walk(startRun(lab(), config, 3, options), options);
    while (walk.done() < steps)
        walk.step();
    return walk.run();
}

double numberAt(const LabRun& run, const char* path, std::size_t step)
{
    return run.trace->find(path, step)->value.toDoubles().front();
}

}

class TestWordLmTrain : public QObject {
    Q_OBJECT
private slots:
    void theDataSetDecidesVocabularyAndLength()
    {
        const Config config = taskWith({}).config;
        QCOMPARE(config.integer("vocab"), std::int64_t{41}); // <unk> and 40 words
        QCOMPARE(config.integer("length"), std::int64_t{8});
        const train::DataSetPtr set = train::openDataSet(smallText);
        Config other = config;
        other.set("vocab", std::int64_t{42});
        FOVEA_THROWS(train::Trainer({&wordLm(), other, {}, set, settingsWith({}), 1}), Error, "field 'vocab'",
            "expected 41", "found 42");
    }

    /// lr 10 for the MLP and 5 for the rest, as figure 7 has it.
    void theMlpLearnsTwiceAsFast()
    {
        const auto changed = [](const char* rates, const std::string& name) {
            const train::Trainer trainer(taskWith({{"lr", "0.5"}, {"rates", rates}, {"clip", "0"}}));
            const train::TrainState before = trainer.start(), after = trainer.step(before, {}).state;
            std::vector<double> out = after.parameters[name].toDoubles();
            const std::vector<double> old = before.parameters[name].toDoubles();
            for (std::size_t i = 0; i < out.size(); ++i)
                out[i] -= old[i];
            return out;
        };
        for (const auto& [name, factor] :
            {std::pair<std::string, double>{"transformer_encoder.layers.0.linear1.weight", 2},
                {"transformer_encoder.layers.0.linear2.bias", 2}, {"decoder.weight", 1}}) {
            const auto plain = changed("", name), fast = changed("*.linear1.*=2,*.linear2.*=2", name);
            for (std::size_t i = 0; i < plain.size(); ++i)
                QVERIFY(std::abs(fast[i] - factor * plain[i]) <= 1e-6);
        }
    }

    void theRateFallsAfterEachEpoch()
    {
        const train::Trainer trainer(taskWith({{"lr", "5"}, {"gamma", "0.95"}, {"epochs", "3"}}));
        const Index epoch = trainer.stepsPerEpoch();
        QCOMPARE(trainer.rateAt(0), 5.0);
        QCOMPARE(trainer.rateAt(epoch - 1), 5.0);
        QCOMPARE(trainer.rateAt(epoch), 5.0 * 0.95);
        QCOMPARE(trainer.rateAt(2 * epoch), 5.0 * 0.95 * 0.95);
    }

    void wrongRatesAreRefused()
    {
        FOVEA_THROWS(train::Trainer(taskWith({{"rates", "*.fc1.*=2"}})), Error, "field 'rates'", "*.fc1.*",
            "encoder.weight");
        FOVEA_THROWS(settingsWith({{"rates", "linear1"}}), UsageError, "field 'rates'", "linear1");
        FOVEA_THROWS(settingsWith({{"rates", "linear1=fast"}}), Error, "rates");
    }

    void aTextIsLearnedAndItsAttentionGetsSparse()
    {
        const LabRunPtr run = walked(labConfig({{"lr", "2"}}), 120);
        QVERIFY(numberAt(*run, "test.loss", 0) > 2.5);
        QVERIFY2(numberAt(*run, "test.loss", 119) < 0.8 * numberAt(*run, "test.loss", 0),
            qPrintable(QString::number(numberAt(*run, "test.loss", 119))));
        const double first = numberAt(*run, "test.attention_entropy", 0),
                     last = numberAt(*run, "test.attention_entropy", 119);
        QVERIFY2(last < first - 0.05, qPrintable(QString("%1 to %2").arg(first).arg(last)));
    }

    /// By hand from the recorded pattern of the only test sample.
    void theEntropyIsThatOfTheLowestLayersRows()
    {
        const LabRunPtr run
            = walked(labConfig({{"model", "dim=12,layers=2,heads=3"}, {"test_samples", "1"}}), 2);
        const RecordPtr pattern = run->trace->find("transformer_encoder.layers.0.self_attn.pattern", 1);
        double sum = 0;
        for (int head = 0; head < 3; ++head)
            for (int query = 0; query < 8; ++query)
                for (const float p : attentionRow(*pattern, {0, head}, query))
                    sum -= p > 0 ? static_cast<double>(p) * std::log(static_cast<double>(p)) : 0;
        QVERIFY(std::abs(numberAt(*run, "test.attention_entropy", 1) - sum / 24) < 1e-12);
        QVERIFY(sum / 24 < std::log(8.0) && sum / 24 > 0.5);
    }

    void watchedWordsHaveNames()
    {
        const LabRunPtr run = walked(labConfig({}), 1);
        const train::DataSetPtr set = train::openDataSet(smallText);
        const auto ids = set->sample(train::Split::Test, 0).value;
        const RecordPtr pattern = run->trace->find("transformer_encoder.layers.0.self_attn.pattern", 0);
        for (int token = 0; token < 8; ++token)
            QCOMPARE(pattern->keys->name(token),
                set->info().labels[static_cast<std::size_t>(
                    ids.values<std::int32_t>()[static_cast<std::size_t>(token)])]);
    }

    void otherFormsLearnToo_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("rate");
        QTest::newRow("original") << "form=original,dim=12"
                                  << "0.5";
        QTest::newRow("yz") << "form=yz,dim=12"
                            << "5";
        QTest::newRow("yz of three layers") << "form=yz,dim=12,layers=3"
                                            << "2";
    }
    void otherFormsLearnToo()
    {
        QFETCH(const QString, model);
        QFETCH(const QString, rate);
        const LabRunPtr run
            = walked(labConfig({{"model", model.toStdString()}, {"lr", rate.toStdString()}}), 80);
        const double first = numberAt(*run, "test.loss", 0), last = numberAt(*run, "test.loss", 79);
        QVERIFY2(last < 0.9 * first, qPrintable(QString("%1 to %2").arg(first).arg(last)));
    }

    void aTrainedFileOpensWithItsWordsAndReference()
    {
        const QTemporaryDir folder;
        train::TrainingFiles files;
        files.output = folder.filePath("w.h5").toStdString();
        files.provenance = {"fovea train", smallText, "{}", {}, {}};
        const train::Trainer trainer(taskWith({{"steps", "2"}, {"lr", "1"}}));
        train::train(trainer, trainer.start(), files, {});
        const io::OpenedWeights opened = io::openWeights(files.output, registry());
        QCOMPARE(opened.weights->parts().labels, trainer.task().data->info().labels);
        const Reference& reference = opened.weights->parts().reference;
        QCOMPARE(reference.input.shape(), (Shape{1, 8}));
        const TracePtr trace = execute(wordLm(), *opened.weights, reference.input);
        QVERIFY(trace->output.identical(reference.logits.reshaped(trace->output.shape())));
        QCOMPARE(trace->output.shape(), (Shape{8, 41}));
    }

    void picturesAreRefused()
    {
        FOVEA_THROWS(lab().start(labConfig({{"data", "shapes:size=16"}}), 1), Error, "data set 'shapes'",
            "word_lm", "[35]");
    }
};

QTEST_APPLESS_MAIN(TestWordLmTrain)
#include "tst_word_lm_train.moc"
