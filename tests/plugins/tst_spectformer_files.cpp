// Checkpoints under the official names: recognised, asked about, and refused by name where they are damaged.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/spectformer/spectformer.h"

#include "core/io/hdf5_writer.h"
#include "core/io/open_weights.h"
#include "core/io/weights_file.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

#include <QTemporaryDir>

using namespace fovea;
using namespace fovea::io;

namespace {

using plugin::spectformer::Spectformer;

Config with(Config config, const std::vector<std::pair<std::string, std::string>>& fields)
{
    for (const auto& [name, value] : fields)
        config.setText(name, value);
    return config;
}

}

class TestSpectformerFiles : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    Registry registry_;

    const Architecture& spectformer() const { return registry_.requireArchitecture("spectformer"); }
    std::string path() const { return folder_.filePath("w.h5").toStdString(); }
    Config vanilla() const
    {
        return with(spectformer().tinyConfig(), {{"depth", "3"}, {"alpha", "2"}, {"mlp_ratio", "3"}});
    }
    Config hierarchical(const char* tokenLabels = "yes") const
    {
        return with(Config(spectformer().schema()),
            {{"form", "hierarchical"}, {"image_size", "32"}, {"classes", "7"}, {"stem_dim", "4"},
                {"dims", "6,8,12,16"}, {"depths", "1,2,1,1"}, {"mlp_ratios", "2,2,2,3"}, {"head_dim", "4"},
                {"token_label", tokenLabels}});
    }
    NamedTensors tensorsOf(const Config& config) const
    {
        return test::ruleWeights(spectformer(), config)->parts().parameters;
    }
    /// As a bare dump of a state_dict.
    void write(const NamedTensors& tensors) const
    {
        Hdf5Writer writer(path());
        for (const auto& [name, tensor] : tensors)
            writer.write(name, tensor);
        writer.commit();
    }
    QString messageOf(const NamedTensors& tensors, const Answers& answers) const
    {
        write(tensors);
        try {
            openWeights(path(), registry_, {answers, {}});
        } catch (const Error& error) {
            return error.what();
        }
        return {};
    }

private slots:
    void initTestCase() { registry_.add(std::make_unique<Spectformer>()); }

    void itsOwnNamesAreRecognised_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("question");
        const auto row = [](const char* name, const Config& config, const char* question) {
            QTest::newRow(name) << QByteArray::fromStdString(config.json()) << QByteArray(question);
        };
        row("vanilla", vanilla(), "heads");
        row("hierarchical", hierarchical(), "head_dim");
        row("without token labels", hierarchical("no"), "head_dim");
    }
    void itsOwnNamesAreRecognised()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, question);
        const Config config = Config::fromJson(spectformer().schema(), json.toStdString());
        NamedTensors tensors = tensorsOf(config);
        if (config.text("form") == "hierarchical")
            tensors.set("patch_embed1.conv.1.num_batches_tracked", Tensor::zeros({1}));
        write(tensors);
        Answers answers{{"preprocess", "imagenet"}};
        try {
            openWeights(path(), registry_, {answers, {}});
            QFAIL("heads cannot be known");
        } catch (const OpenQuestions& questions) {
            QCOMPARE(questions.found.questions.size(), std::size_t{1});
            QCOMPARE(questions.found.questions.front().name, question.toStdString());
        }
        answers[question.toStdString()] = textOf(config.value(question.toStdString()));
        const OpenedWeights opened = openWeights(path(), registry_, {answers, {}});
        QCOMPARE(QByteArray::fromStdString(opened.weights->config().json()), json);
        for (const ParameterInfo& info : spectformer().manifest(config))
            QVERIFY(opened.weights->find(info.name)->identical(tensors[info.name]));
    }

    /// The width of a head is 32 in all official ones.
    void officialHierarchicalModelsAskNothing()
    {
        for (const char* preset : {"h-s", "h-b", "h-l"}) {
            const Config config = presetConfig(spectformer(), preset);
            std::vector<TensorOutline> outlines;
            for (const ParameterInfo& info : spectformer().manifest(config))
                outlines.push_back({info.name, info.shape});
            const auto found = spectformer().recognise(outlines, {});
            QVERIFY(found && found->questions.empty());
            QVERIFY(found->config == config);
        }
        for (const char* preset : {"ti", "xs", "s", "b"}) {
            const Config config = presetConfig(spectformer(), preset);
            std::vector<TensorOutline> outlines;
            for (const ParameterInfo& info : spectformer().manifest(config))
                outlines.push_back({info.name, info.shape});
            const auto found = spectformer().recognise(outlines, {});
            QVERIFY(found && found->questions == std::vector<std::string>{"heads"});
            QVERIFY(with(found->config, {{"heads", textOf(config.value("heads"))}}) == config);
        }
    }

    /// Filters alone are a GFNet's, attention alone a ViT's.
    void modelsOfOneKindAreNotClaimed()
    {
        for (const char* alpha : {"0", "3"}) {
            std::vector<TensorOutline> outlines;
            for (const ParameterInfo& info : spectformer().manifest(with(vanilla(), {{"alpha", alpha}})))
                outlines.push_back({info.name, info.shape});
            QVERIFY(!spectformer().recognise(outlines, {}));
        }
    }

    void damagedFiltersAreNamed_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<std::string>("name");
        QTest::addColumn<QString>("expected"); // the shape
        QTest::addColumn<Shape>("found");
        const auto rows = [](const char* form, const Config& config, const char* name, const Shape& right,
                              std::initializer_list<std::pair<const char*, Shape>> wrong) {
            for (const auto& [what, shape] : wrong)
                QTest::addRow("%s, %s", form, what) << QByteArray::fromStdString(config.json())
                                                    << std::string(name) << test::text(right) << shape;
        };
        rows("vanilla", vanilla(), "blocks.1.filter.complex_weight", {5, 3, 24, 2},
            {{"another grid", {6, 4, 24, 2}}, {"a full spectrum", {5, 5, 24, 2}},
                {"last axis 3", {5, 3, 24, 3}}, {"no last axis", {5, 3, 24}}});
        rows("hierarchical", hierarchical(), "block2.1.attn.complex_weight", {4, 3, 8, 2},
            {{"another grid", {8, 5, 8, 2}}, {"last axis 1", {4, 3, 8, 1}}});
    }
    void damagedFiltersAreNamed()
    {
        QFETCH(QByteArray, json);
        QFETCH(std::string, name);
        QFETCH(QString, expected);
        QFETCH(Shape, found);
        const Config config = Config::fromJson(spectformer().schema(), json.toStdString());
        NamedTensors tensors = tensorsOf(config);
        tensors.set(name, Tensor::zeros(found));
        const QString message
            = messageOf(tensors, {{"heads", "3"}, {"head_dim", "4"}, {"preprocess", "imagenet"}});
        const QString says = QString("tensor '%1' has the wrong shape: expected %2, found %3")
                                 .arg(name.c_str(), expected, test::text(found));
        QVERIFY2(message.contains(says), qPrintable(message));
    }

    /// In a file of Fovea's own the config says what the grid is.
    void filtersOfAnotherInputSizeAreNamed()
    {
        Weights::Parts parts = test::ruleWeights(spectformer(), hierarchical())->parts();
        const std::string name = "block1.0.attn.complex_weight";
        const auto writeWith = [&](const char* imageSize, const Tensor& filter) {
            Weights::Parts changed = parts;
            changed.config = with(hierarchical(), {{"image_size", imageSize}});
            changed.parameters.set(name, filter);
            writeWeights(path(), Weights(std::move(changed)));
        };
        Tensor filter = parts.parameters[name].clone();
        writeWith("64", filter);
        FOVEA_THROWS(openWeights(path(), registry_, {}), Error, "w.h5", name.c_str(),
            "expected [16, 9, 6, 2], found [8, 5, 6, 2]");
        filter.writable()[7] = NAN; // the program then names it and stops
        writeWith("32", filter);
        const OpenedWeights opened = openWeights(path(), registry_, {});
        const auto row = std::ranges::find(opened.report, name, &TensorReport::name);
        QVERIFY(row != opened.report.end() && row->hasNonFinite);
    }
};

QTEST_GUILESS_MAIN(TestSpectformerFiles)
#include "tst_spectformer_files.moc"
