// Foreign checkpoints with tensors missing, misshapen or left over: each is named, none is guessed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/open_weights.h"

#include "tests/plugins/vit_room.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::io;

namespace {

const Answers allAnswers{{"heads", "3"}, {"activation", "gelu"}, {"pool", "cls"}, {"pre_norm", "yes"},
    {"norm_eps", "1e-5"}, {"preprocess", "none"}};

}

class TestVitDamaged : public QObject, private test::VitRoom {
    Q_OBJECT

private:
    static NamedTensors without(const NamedTensors& tensors, const std::string& gone)
    {
        NamedTensors left;
        for (const auto& [name, tensor] : tensors)
            if (name != gone)
                left.set(name, tensor);
        return left;
    }
    /// What became of tensors that cannot be opened with all that may be asked answered; the message.
    std::vector<TensorReport> refused(const NamedTensors& tensors, QString& message) const
    {
        write(tensors);
        try {
            openWeights(at("w.h5"), registry_, {allAnswers, {}});
        } catch (const OpenQuestions& questions) {
            message = QString("asked: ") + questions.what();
        } catch (const NotOpened& error) {
            message = error.what();
            return error.found.report;
        }
        return {};
    }
    static const TensorReport* rowOf(const std::vector<TensorReport>& report, const std::string& name)
    {
        const auto found = std::ranges::find(report, name, &TensorReport::name);
        return found == report.end() ? nullptr : &*found;
    }

private slots:
    /// Each naming with one tensor removed, added, of another shape, transposed.
    void oneTensorIsWrong_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<std::string>("norm"); // of the first block: a gap below the others
        QTest::addColumn<std::string>("dense");
        const auto row = [](const char* file, const char* norm, const char* dense) {
            QTest::newRow(file) << QByteArray(file) << std::string(norm) << std::string(dense);
        };
        row("timm.safetensors", "blocks.0.norm1.weight", "blocks.0.mlp.fc1.weight");
        row("hf_vit.safetensors", "vit.encoder.layer.0.layernorm_before.weight",
            "vit.encoder.layer.0.intermediate.dense.weight");
        row("torch_encoder.safetensors", "encoder.layers.0.norm1.weight", "encoder.layers.0.linear1.weight");
        row("torchvision.safetensors", "encoder.layers.encoder_layer_0.ln_1.weight",
            "encoder.layers.encoder_layer_0.mlp.0.weight");
        row("vit_pytorch_0.safetensors", "transformer.layers.0.0.norm.weight",
            "transformer.layers.0.1.fn.net.0.weight");
        row("vit_pytorch_1.safetensors", "transformer.layers.0.0.norm.weight",
            "transformer.layers.0.1.net.1.weight");
    }
    void oneTensorIsWrong()
    {
        QFETCH(QByteArray, file);
        QFETCH(std::string, norm);
        QFETCH(std::string, dense);
        using State = TensorReport::State;
        const NamedTensors whole = tensorsOf(test::checkpoints + file.constData());
        QVERIFY(whole.find(norm) && whole.find(dense));
        const auto expect = [&](const NamedTensors& tensors, State state, const std::string& name,
                                const std::string& source, const QString& says) {
            QString message;
            const auto report = refused(tensors, message);
            const QString here = source == name ? "" : QString(" (here '%1')").arg(name.c_str());
            const QString start = QString("w.h5: tensor '%1'%2 ").arg(source.c_str(), here);
            QVERIFY2(message.endsWith(start + says), qPrintable(message)); // the only one: no "and 1 more"
            for (const TensorReport& row : report)
                QVERIFY2(row.state == (row.name == name ? state : State::Matched), row.name.c_str());
            QVERIFY(rowOf(report, name));
            QCOMPARE(rowOf(report, name)->source, source);
        };
        const std::string ourNorm = "blocks.0.norm1.weight", ourDense = "blocks.0.mlp.fc1.weight";
        expect(without(whole, norm), State::Missing, ourNorm, norm, "is missing: expected [12]");

        NamedTensors changed = whole;
        changed.set("spare", Tensor::full({3}, 7));
        expect(changed, State::Unused, "spare", "spare", "has no place in the model: [3]");

        changed = whole;
        changed.set(norm, Tensor::zeros({5}));
        expect(changed, State::WrongShape, ourNorm, norm, "has the wrong shape: expected [12], found [5]");

        const Shape shape = whole[dense].shape(), turned{shape[1], shape[0]};
        changed = whole;
        changed.set(dense, Tensor::zeros(turned));
        expect(changed, State::WrongShape, ourDense, dense,
            QString("has the wrong shape: expected %1, found %2").arg(test::text(shape), test::text(turned)));
    }

    /// Tensors from which the config is read may themselves be the missing ones.
    void whatTellsTheConfigIsMissing_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<std::string>("source");
        QTest::addColumn<std::string>("name");
        for (const char* name : {"cls_token", "pos_embed", "patch_embed.proj.weight", "head.weight",
                 "norm.weight", "blocks.0.attn.qkv.weight", "blocks.0.attn.qkv.bias",
                 "blocks.0.attn.proj.weight", "blocks.1.mlp.fc2.bias"})
            QTest::newRow(name) << QByteArray("timm.safetensors") << std::string(name) << std::string(name);
        QTest::newRow("distillation token") << QByteArray("timm_distilled.safetensors")
                                            << std::string("dist_token") << std::string("dist_token");
        QTest::newRow("class token, Hugging Face")
            << QByteArray("hf_vit.safetensors") << std::string("vit.embeddings.cls_token")
            << std::string("cls_token");
    }
    void whatTellsTheConfigIsMissing()
    {
        QFETCH(QByteArray, file);
        QFETCH(std::string, source);
        QFETCH(std::string, name);
        const NamedTensors whole = tensorsOf(test::checkpoints + file.constData());
        QVERIFY(whole.find(source));
        QString message;
        const auto report = refused(without(whole, source), message);
        QVERIFY2(message.contains("tensor '" + QString::fromStdString(source) + "'")
                && message.contains("is missing") && !message.contains("more"),
            qPrintable(message));
        for (const TensorReport& row : report)
            QVERIFY2(
                row.state == (row.name == name ? TensorReport::State::Missing : TensorReport::State::Matched),
                row.name.c_str());
    }

    void aJoinedTensorIsMissingWithOneOfItsParts()
    {
        const std::string self = "vit.encoder.layer.1.attention.attention.";
        QString message;
        const auto report = refused(
            without(tensorsOf(test::checkpoints + "hf_vit.safetensors"), self + "key.weight"), message);
        QVERIFY2(message.contains("query.weight + " + QString::fromStdString(self + "key.weight")),
            qPrintable(message));
        QVERIFY(rowOf(report, "blocks.1.attn.qkv.weight")->state == TensorReport::State::Missing);
        QVERIFY(rowOf(report, self + "query.weight")->state == TensorReport::State::Unused);
        QVERIFY(message.contains("(and 2 more)"));
    }

    /// Left over from pretraining: the output does not depend on them.
    void whatPretrainingLeftIsAccepted()
    {
        NamedTensors tensors = tensorsOf(test::checkpoints + "timm.safetensors");
        tensors.set("mask_token", Tensor::zeros({1, 1, 12}));
        tensors.set("decoder_blocks.0.norm1.weight", Tensor::zeros({8}));
        write(tensors);
        const OpenedWeights opened = openWeights(at("w.h5"), registry_, {allAnswers, {}});
        for (const char* name : {"mask_token", "decoder_blocks.0.norm1.weight"})
            QVERIFY(rowOf(opened.report, name)->state == TensorReport::State::Accepted);
    }

    void questionsTellWhatIsMissingToo()
    {
        write(without(tensorsOf(test::checkpoints + "timm.safetensors"), "head.bias"));
        FOVEA_THROWS(openWeights(at("w.h5"), registry_), OpenQuestions, "do not tell heads",
            "; and tensor 'head.bias' is missing: expected [");
    }
};

QTEST_APPLESS_MAIN(TestVitDamaged)
#include "tst_vit_damaged.moc"
