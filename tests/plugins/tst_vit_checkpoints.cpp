// Checkpoints of other projects become a ViT that computes what the original computed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/atomic_file.h"
#include "core/io/hdf5_writer.h"
#include "core/io/npy.h"
#include "core/io/open_weights.h"
#include "core/io/safetensors.h"
#include "core/parts/position.h"

#include "tests/plugins/vit_room.h"
#include "tests/support/test.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace fovea;
using namespace fovea::io;
using test::checkpoints;

Q_DECLARE_METATYPE(QJsonObject)
Q_DECLARE_METATYPE(fovea::Shape)

namespace {

/// As textOf would have it: 1e-06, true, "gelu".
std::string text(const QJsonValue& value)
{
    if (value.isString())
        return value.toString().toStdString();
    if (value.isBool())
        return value.toBool() ? "true" : "false";
    return QString::number(value.toDouble(), 'g', 17).toStdString();
}

}

class TestVitCheckpoints : public QObject, private test::VitRoom {
    Q_OBJECT

private slots:
    void eachNamingGivesTheOriginalsLogits_data()
    {
        QFile file(QString::fromStdString(checkpoints + "expected.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QTest::addColumn<QJsonObject>("expected");
        for (const auto& value : QJsonDocument::fromJson(file.readAll()).object()["cases"].toArray()) {
            const QJsonObject expected = value.toObject();
            if (expected["fits"].toBool())
                QTest::addRow("%s %s", qPrintable(expected["file"].toString()),
                    qPrintable(expected["config"].toObject()["activation"].toString()))
                    << expected;
        }
    }
    void eachNamingGivesTheOriginalsLogits()
    {
        QFETCH(QJsonObject, expected);
        const std::string path = checkpoints + expected["file"].toString().toStdString();
        const QJsonObject config = expected["config"].toObject();
        OpenOptions options;
        options.answers["preprocess"] = "imagenet";
        try {
            openWeights(path, registry_, options);
            QFAIL("heads cannot be known");
        } catch (const OpenQuestions& questions) { // answers exactly what is asked for
            QVERIFY(findField(questions.found.questions, "heads"));
            for (const TensorReport& row : questions.found.report)
                QVERIFY2(row.state == TensorReport::State::Matched, row.name.c_str());
            for (const Field& field : questions.found.questions)
                options.answers[field.name] = text(config[QString::fromStdString(field.name)]);
        }
        const OpenedWeights opened = openWeights(path, registry_, options);
        for (const TensorReport& row : opened.report)
            QVERIFY2(row.state == TensorReport::State::Matched, row.name.c_str());
        for (const QString& field : config.keys())
            QCOMPARE(textOf(opened.weights->config().value(field.toStdString())), textOf([&] {
                Config wanted(vit().schema());
                wanted.setText(field.toStdString(), text(config[field]));
                return wanted.value(field.toStdString());
            }()));
        std::vector<double> wanted;
        for (const auto& value : expected["logits"].toArray())
            wanted.push_back(value.toDouble());
        const Tensor found = logits(*opened.weights, readNpy(checkpoints + "input.npy"));
        QCOMPARE_LT(test::relativeDifference(found.toDoubles(), wanted), 1e-5);
    }

    /// What timm's newer ViTs have and this architecture has not; `name` takes the place of a tensor that is
    /// there.
    void whatHasNoPlaceIsRefused_data()
    {
        QTest::addColumn<std::string>("name");
        QTest::addColumn<Shape>("shape");
        QTest::addColumn<std::string>("message");
        const auto extra = [](const char* what, const std::string& name, const Shape& shape) {
            QTest::newRow(what) << name << shape
                                << "tensor '" + name + "' has no place in the model: " + shape.text();
        };
        extra("layer scale", "blocks.0.ls1.gamma", {12});
        extra("norms of q and k", "blocks.0.attn.q_norm.weight", {4});
        extra("norm before the blocks", "norm_pre.weight", {12});
        extra("norm after the patch embedding", "patch_embed.norm.weight", {12});
        extra("SwiGLU", "blocks.0.mlp.fc1_g.weight", {24, 12});
        extra("norm in attention", "blocks.0.attn.norm.weight", {12});
        extra("norm in the MLP", "blocks.0.mlp.norm.weight", {48});
        extra("relative positions", "blocks.0.attn.rel_pos.relative_position_bias_table", {9, 3});
        extra("pooling by attention", "attn_pool.latent", {1, 1, 12});
        extra("a layer before the head", "pre_logits.fc.weight", {12, 12});
        QTest::newRow("packed SwiGLU") << std::string("blocks.0.mlp.fc2.weight") << Shape{12, 24}
                                       << std::string("tensor 'blocks.0.mlp.fc2.weight' has the wrong shape");
        QTest::newRow("positions of the patches alone")
            << std::string("pos_embed") << Shape{1, 4, 12}
            << std::string("tensor 'pos_embed' has the wrong shape: expected");
        QTest::newRow("positions of the patches alone, which more special tokens could hide")
            << std::string("reg_token") << Shape{1, 20, 12}
            << std::string("tensor 'pos_embed' has the wrong shape: expected");
        QTest::newRow("half a kernel") << std::string("patch_embed.proj.weight") << Shape{12, 3, 4, 2}
                                       << std::string("tensor 'patch_embed.proj.weight' has the wrong shape");
    }
    void whatHasNoPlaceIsRefused()
    {
        QFETCH(std::string, name);
        QFETCH(Shape, shape);
        QFETCH(std::string, message);
        NamedTensors tensors = tensorsOf(checkpoints + "timm.safetensors");
        tensors.set(name, Tensor::zeros(shape));
        if (name
            == "reg_token") // 25 positions: a grid of 5 x 5, or 20 + 1 special tokens before one of 2 x 2
            tensors.set("pos_embed", Tensor::zeros({1, 25, 12}));
        write(tensors);
        FOVEA_THROWS(openWeights(at("w.h5"), registry_, {{{"heads", "3"}, {"preprocess", "none"}}, {}}),
            Error, "w.h5: ", message.c_str());
    }

    /// Shapes tell heads x head_dim alone: here 2 x 9 beside a width of 12. One of them tells the other.
    void headsTellTheWidthOfAHead()
    {
        const SafetensorsFile content(checkpoints + "hf_vit.safetensors");
        Hdf5Writer writer(at("w.h5"));
        for (std::size_t i = 0; i < content.tensors().size(); ++i) {
            const std::string& name = content.tensors()[i].name;
            const bool isQkv = name.find("attention.attention.") != std::string::npos;
            const bool isOut = name.find("attention.output.dense.weight") != std::string::npos;
            const bool isBias = name.ends_with("bias");
            writer.write(name,
                isOut       ? Tensor::zeros({12, 18})
                    : isQkv ? (isBias ? Tensor::zeros({18}) : Tensor::zeros({18, 12}))
                            : content.read(i));
        }
        writer.commit();
        const auto config = [&](const Answers& answers) {
            return openWeights(at("w.h5"), registry_, {answers}).weights->config();
        };
        for (const char* headDim : {"", "9", "0"}) {
            Answers answers{{"heads", "2"}, {"preprocess", "none"}};
            if (*headDim)
                answers["head_dim"] = headDim;
            if (*headDim == '0')
                FOVEA_THROWS(config(answers), Error, "wrong shape");
            else
                QCOMPARE(config(answers).integer("head_dim"), 9);
        }
        QCOMPARE(config({{"head_dim", "6"}, {"preprocess", "none"}}).integer("heads"), 3);
        FOVEA_THROWS(config({{"heads", "5"}, {"preprocess", "none"}}), AnswerError,
            "field 'heads': expected a divisor of 18, which it is with head_dim, found 5");
        try {
            config({});
            QFAIL("heads cannot be known");
        } catch (const OpenQuestions& questions) {
            QVERIFY(findField(questions.found.questions, "heads"));
            QVERIFY(!findField(questions.found.questions, "head_dim"));
            QVERIFY(!QString(questions.what()).contains("shape:"));
        }
    }

    void aBackboneHasNoClassifier()
    {
        const SafetensorsFile content(checkpoints + "hf_vit.safetensors");
        Hdf5Writer writer(at("w.h5"));
        for (std::size_t i = 0; i < content.tensors().size(); ++i)
            if (const std::string& name = content.tensors()[i].name; !name.starts_with("classifier"))
                writer.write(name, content.read(i));
        writer.commit();
        FOVEA_THROWS(openWeights(at("w.h5"), registry_, {{{"heads", "3"}, {"preprocess", "none"}}, {}}),
            Error, "w.h5: vit: expected a classifier ('classifier.weight'), found none: a backbone alone");
    }

    void wrappersAroundTheNames_data()
    {
        QTest::addColumn<std::string>("prefix");
        for (const char* prefix : {"module.", "model.", "_orig_mod.", "module._orig_mod.",
                 "_orig_mod.module.", "state_dict.", "state_dict/", "state_dict/model.", "model/"})
            QTest::newRow(prefix) << std::string(prefix);
    }
    void wrappersAroundTheNames()
    {
        QFETCH(std::string, prefix);
        write(tensorsOf(checkpoints + "timm.safetensors"), prefix);
        const OpenedWeights opened
            = openWeights(at("w.h5"), registry_, {{{"heads", "3"}, {"preprocess", "none"}}, {}});
        QCOMPARE(opened.naming, std::string("timm"));
        for (const auto& [name, tensor] : tensorsOf(checkpoints + "timm.safetensors"))
            QVERIFY2(opened.weights->parts().parameters[name].identical(tensor), name.c_str());
    }

    void picklesAreNotRun()
    {
        for (const std::string& bytes :
            {std::string("PK\x03\x04") + std::string(26, '\0') + "archive/data.pkl",
                std::string("\x80\x02\x8A\x0A")}) {
            writeFile(at("w.pt"), bytes);
            FOVEA_THROWS(openWeights(at("w.pt"), registry_), Error, "w.pt: is a PyTorch file (a pickle)",
                "python3 -c \"import torch", "torch.load('", "w.pt'");
        }
        writeFile(at("w.pt"), "PK\x03\x04 another zip");
        FOVEA_THROWS(openWeights(at("w.pt"), registry_), Error, "expected weights (.h5 or .safetensors)");
    }

    void answersAreChecked()
    {
        const auto open = [&](std::map<std::string, std::string> answers) {
            openWeights(checkpoints + "vit_pytorch_0.safetensors", registry_, {std::move(answers), {}});
        };
        std::map<std::string, std::string> answers{
            {"heads", "3"}, {"activation", "gelu"}, {"pool", "cls"}, {"preprocess", "none"}};
        const auto with = [&](const char* field, const char* value) {
            auto changed = answers;
            changed[field] = value;
            return changed;
        };
        open(answers);
        FOVEA_THROWS(open(with("heads", "x")), AnswerError, "field 'heads': expected");
        FOVEA_THROWS(open(with("heads", "5")), AnswerError, "field 'heads': expected a divisor of dim, 12");
        FOVEA_THROWS(open(with("size", "5")), AnswerError, "there is no field 'size'");
        FOVEA_THROWS(open(with("pool", "mean")), Error, "'pool'", "can only be converted with cls");
        FOVEA_THROWS(open(with("preprocess", "x")), Error, "preprocess: expected size, crop");
        FOVEA_THROWS(open(with("depth", "3")), Error, "(here 'blocks.2.norm1.weight') is missing");
    }

    void aReferenceBelongsToItsConfig()
    {
        const auto hasReference = [&](const char* pixels) {
            return openWeights(
                FOVEA_RESOURCES "/models/vit_micro_fashion.h5", registry_, {{{"image_size", pixels}}, {}})
                .weights->parts()
                .reference.input.defined();
        };
        QVERIFY(hasReference("28") && !hasReference("48"));
    }

    void convertedWeightsAreTheSame()
    {
        const OpenedWeights opened = openWeights(checkpoints + "hf_deit.safetensors", registry_,
            {{{"heads", "3"}, {"preprocess", "imagenet"}}, {}});
        writeWeights(at("converted.h5"), *opened.weights);
        const OpenedWeights again = openWeights(at("converted.h5"), registry_);
        QCOMPARE(again.naming, std::string("fovea"));
        QVERIFY(again.weights->config() == opened.weights->config());
        QVERIFY(again.weights->parts().preprocess == opened.weights->parts().preprocess);
        for (const auto& [name, tensor] : opened.weights->parts().parameters)
            QVERIFY2(again.weights->parts().parameters[name].identical(tensor), name.c_str());
    }

    void anotherInputSizeResizesThePositions()
    {
        const auto weights = [&](const std::string& file, std::map<std::string, std::string> answers) {
            return openWeights(file, registry_, {std::move(answers), {}}).weights;
        };
        const std::string foreign = checkpoints + "hf_deit.safetensors";
        std::map<std::string, std::string> answers{{"heads", "3"}, {"preprocess", "imagenet"}};
        const WeightsPtr small = weights(foreign, answers);
        writeWeights(at("small.h5"), *small);
        const Index side = small->config().integer("image_size") / small->config().integer("patch_size");
        const std::string pixels = std::to_string(2 * small->config().integer("image_size"));
        answers["image_size"] = pixels;
        const Tensor expected
            = parts::resizedPositions(*small->find("pos_embed"), {side, side}, {2 * side, 2 * side});
        for (const WeightsPtr& large :
            {weights(foreign, answers), weights(at("small.h5"), {{"image_size", pixels}})}) {
            QVERIFY(large->find("pos_embed")->identical(expected));
            QCOMPARE(std::to_string(large->parts().preprocess.crop), pixels);
            QVERIFY(!large->parts().reference.input.defined());
        }
        FOVEA_THROWS(weights(at("small.h5"), {{"dim", "48"}}), Error, "small.h5: tensor");
    }
};

QTEST_APPLESS_MAIN(TestVitCheckpoints)
#include "tst_vit_checkpoints.moc"
