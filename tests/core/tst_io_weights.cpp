// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/hdf5_writer.h"
#include "core/io/open_weights.h"
#include "core/io/sha256.h"
#include "core/io/weights_file.h"
#include "core/tensor/error.h"

#include "tests/support/test.h"

#include <QTemporaryDir>

#include <filesystem>

using namespace fovea;
using namespace fovea::io;
using TensorState = TensorReport::State;

namespace {

/// Two tensors, one field: as little as an architecture can be.
class Line final : public Architecture {
public:
    Identity identity() const override { return {"line", "Line", "none", "none", {}, "y = w x + b"}; }
    Schema schema() const override
    {
        return {Field{"size", std::int64_t{3}, "length", 1, 100},
            Field{"classes", std::int64_t{3}, "number of classes", 1, 100}};
    }
    std::vector<Preset> presets() const override { return {}; }
    Manifest manifest(const Config& config) const override
    {
        const Index n = config.integer("size");
        return {{"fc.weight", {n, 2}, {}, {}}, {"fc.bias", {n}, {}, {}}};
    }
    Shape inputShape(const Config&) const override { return {2}; }
    std::vector<std::string> blocks(const Config&) const override { return {}; }
    std::vector<SignalInfo> signalInfos(const Config&) const override { return {}; }
    Tensor forward(Run&, const Config&, const Tensor& input) const override { return input; }
};

}

class TstIoWeights : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    Registry registry_;
    std::string path() const { return folder_.filePath("w.h5").toStdString(); }
    OpenedWeights opened() const { return readWeights(Hdf5File(path()), registry_); }

    static Weights::Parts lineParts()
    {
        Weights::Parts parts;
        parts.architecture = "line";
        parts.config = Config(Line().schema());
        parts.preprocess = {32, 28, {0.1F, 0.2F, 0.3F}, {0.4F, 0.5F, 0.6F}, "bilinear"};
        parts.labels = {"cat", "Hündin", ""};
        parts.parameters.set(
            "fc.weight", Tensor::of<float>({3, 2}, std::array{1.F, 2.F, 3.F, 1.F / 3, 5.F, 6.F}));
        parts.parameters.set("fc.bias", Tensor::zeros({3}));
        return parts;
    }

    /// A well-formed file that `change` then adds to; `skip` names what is left out.
    template <class Change>
    void write(Change change, const std::string& skip = {}) const
    {
        Hdf5Writer writer(path());
        const std::pair<const char*, Hdf5Value> root[] = {{"fovea_format", "weights"},
            {"version", std::int64_t{1}}, {"architecture", "line"}, {"config", R"({"size":3})"},
            {"preprocess",
                R"({"size":32,"crop":28,"mean":[0,0,0],"std":[1,1,1],"interpolation":"bicubic"})"}};
        for (const auto& [name, value] : root)
            if (name != skip)
                writer.attribute("", name, value);
        if (skip != "fc.weight")
            writer.write("parameters/fc.weight", Tensor::full({3, 2}, 2));
        if (skip != "fc.bias")
            writer.write("parameters/fc.bias", Tensor::full({3}, 1));
        change(writer);
        writer.commit();
    }

private slots:
    void initTestCase() { registry_.add(std::make_unique<Line>()); }

    void whatIsWrittenComesBack()
    {
        Weights::Parts parts = lineParts();
        parts.reference.input = Tensor::full({1, 2}, 0.5F);
        parts.reference.logits = Tensor::full({1, 3}, 0.25F);
        parts.reference.records.set("fc.out", Tensor::full({1, 3}, 0.75F));
        const Weights weights(parts);
        writeWeights(path(), weights);
        const OpenedWeights result = opened();
        const Weights::Parts& read = result.weights->parts();
        QCOMPARE(read.architecture, parts.architecture);
        QVERIFY(read.config == parts.config);
        QVERIFY(read.preprocess == parts.preprocess);
        QCOMPARE(read.labels, parts.labels);
        for (const auto& [name, tensor] : parts.parameters)
            QVERIFY(read.parameters[name].identical(tensor));
        QVERIFY(read.reference.input.identical(parts.reference.input));
        QVERIFY(read.reference.logits.identical(parts.reference.logits));
        QVERIFY(read.reference.records["fc.out"].identical(parts.reference.records["fc.out"]));
        QVERIFY(read.hash.empty());
        QCOMPARE(result.naming, std::string("fovea"));
        QVERIFY(std::ranges::all_of(
            result.report, [](const auto& row) { return row.state == TensorState::Matched; }));
    }

    void aFileIsHashedWhileItIsRead()
    {
        writeWeights(path(), Weights(lineParts()));
        const InputFile file(path());
        QCOMPARE(openWeights(path(), registry_).weights->parts().hash, sha256(file));
        const auto work = [] { throw Error("work", "fails"); };
        FOVEA_THROWS(sha256While(file, work), Error, "work: fails");
        std::filesystem::resize_file(path(), 100);
        FOVEA_THROWS(sha256While(file, work), Error, "work: fails"); // and so does the hash
        FOVEA_THROWS(sha256While(file, [] {}), Error, "w.h5");
        std::filesystem::resize_file(path(), std::uintmax_t{1} << 40); // a quarter of an hour of hashing
        FOVEA_THROWS(sha256While(InputFile(path()), work), Error, "work: fails");
    }

    void whatIsOverwrittenIsNotRead()
    {
        writeWeights(path(), Weights(lineParts()));
        const std::string hash = sha256(InputFile(path()));
        std::filesystem::resize_file(path(), std::uintmax_t{1} << 40); // more than there is memory
        writeWeights(path(), Weights(lineParts()));
        QCOMPARE(sha256(InputFile(path())), hash);
    }

    void sixteenBitsSuffice()
    {
        for (const StoredType type : {StoredType::F16, StoredType::BF16}) {
            writeWeights(path(), Weights(lineParts()), type);
            const auto w = opened().weights->find("fc.weight")->values<float>();
            QCOMPARE(w[5], 6.F);
            QCOMPARE(w[3], type == StoredType::F16 ? 0.333251953125F : 0.333984375F);
        }
    }

    /// f16 ends at 65504 and rounds up from 65520 on; of f32 only the last numbers exceed bf16.
    void aFiniteNumberIsNotWrittenAsInfinity()
    {
        const std::pair<StoredType, float> large[]{{StoredType::F16, -65520.0F}, {StoredType::BF16, 3.4e38F}};
        for (const auto& [type, value] : large) {
            Weights::Parts parts = lineParts();
            Tensor bias = parts.parameters["fc.bias"].clone();
            bias.writable()[1] = value;
            parts.parameters.set("fc.bias", bias);
            QFile::remove(QString::fromStdString(path()));
            FOVEA_THROWS(writeWeights(path(), Weights(parts), type), Error,
                ": dataset 'parameters/fc.bias': expected numbers that ",
                type == StoredType::F16 ? "f16 can hold, from -65504 to 65504, found -65520"
                                        : "3.39999995e+38");
            QVERIFY(!QFile::exists(QString::fromStdString(path())));
            bias = bias.clone();
            bias.writable()[1] = type == StoredType::F16 ? 65519.0F : 3.389e38F;
            parts.parameters.set("fc.bias", bias);
            writeWeights(path(), Weights(parts), type);
            QVERIFY(allFinite(opened().weights->parts().parameters["fc.bias"]));
        }
    }

    void otherFloatsBecomeF32()
    {
        write(
            [](Hdf5Writer& w) {
                w.write("parameters/fc.bias", Tensor::of<double>({3}, std::array{0.1, 1., 2.}));
            },
            "fc.bias");
        QCOMPARE(opened().weights->find("fc.bias")->data()[0], 0.1F);
    }

    void buffersAndAliasesAreAccepted()
    {
        write([](Hdf5Writer& w) {
            w.write("parameters/bn.num_batches_tracked",
                Tensor::of<std::int64_t>({}, std::array<std::int64_t, 1>{77}));
            w.write("parameters/position_ids",
                Tensor::of<std::int64_t>({1, 3}, std::array<std::int64_t, 3>{0, 1, 2}));
            w.write("parameters/tied.weight", Tensor::full({3, 2}, 2));
            w.write("parameters/other.position_ids",
                Tensor::of<std::int64_t>({2}, std::array<std::int64_t, 2>{1, 0}));
            w.write("parameters/more", Tensor::full({1}, 2));
        });
        std::map<std::string, TensorReport> rows;
        try {
            opened();
        } catch (const NotOpened& error) {
            QVERIFY(
                QString(error.what()).endsWith("tensor 'more' has no place in the model: [1] (and 1 more)"));
            for (const TensorReport& row : error.found.report)
                rows[row.name] = row;
        }
        QCOMPARE(rows["bn.num_batches_tracked"].state, TensorState::Accepted);
        QCOMPARE(rows["position_ids"].state, TensorState::Accepted);
        QCOMPARE(rows["tied.weight"].state, TensorState::Accepted);
        QCOMPARE(rows["tied.weight"].detail, std::string("the same as 'fc.weight'"));
        QCOMPARE(rows["other.position_ids"].state, TensorState::Unused);
        QCOMPARE(rows["more"].state, TensorState::Unused);
        QCOMPARE(rows.size(), 7U);
    }

    void nanIsAMarkNotAnError()
    {
        write([](Hdf5Writer& w) { w.write("parameters/fc.bias", Tensor::full({3}, NAN)); }, "fc.bias");
        for (const TensorReport& row : opened().report)
            QCOMPARE(row.hasNonFinite, row.name == "fc.bias");
    }

    void wrongTensorsAreErrors()
    {
        const auto nothing = [](Hdf5Writer&) {};
        write(nothing, "fc.bias");
        FOVEA_THROWS(opened(), Error, "w.h5: tensor 'fc.bias' is missing: expected [3]");
        write([](Hdf5Writer& w) { w.write("parameters/fc.weight", Tensor::zeros({2, 3})); }, "fc.weight");
        FOVEA_THROWS(
            opened(), Error, "w.h5: tensor 'fc.weight' has the wrong shape: expected [3, 2], found [2, 3]");
        write(
            [](Hdf5Writer& w) { w.write("parameters/fc.bias", Tensor::zeros({3}, DType::I64)); }, "fc.bias");
        FOVEA_THROWS(opened(), Error, "w.h5: tensor 'fc.bias': expected floating-point numbers, found i64");
        write([](Hdf5Writer& w) { w.write("parameters/fc.bias", std::vector<std::string>{"a"}); }, "fc.bias");
        FOVEA_THROWS(opened(), Error, "w.h5: dataset 'parameters/fc.bias': expected numbers");
        write([](Hdf5Writer& w) { w.write("reference/input", Tensor::zeros({1})); });
        FOVEA_THROWS(opened(), Error, "w.h5: dataset 'reference/logits': expected numbers, found nothing");
    }

    void labelsAreAsManyAsClasses()
    {
        write([](Hdf5Writer& w) { w.write("labels", std::vector<std::string>{"a", "b"}); });
        FOVEA_THROWS(
            opened(), Error, "w.h5: dataset 'labels': expected 3 texts, one for each class, found 2");
    }

    void signalsOfAReferenceMayLieBesideItsInput()
    {
        write([](Hdf5Writer& w) {
            w.write("reference/input", Tensor::zeros({1}));
            w.write("reference/logits", Tensor::zeros({1}));
            w.write("reference/fc.out", Tensor::full({3}, 2));
        });
        const Reference reference = opened().weights->parts().reference;
        QCOMPARE(std::distance(reference.records.begin(), reference.records.end()), std::ptrdiff_t{1});
        QVERIFY(reference.records["fc.out"].identical(Tensor::full({3}, 2)));
    }

    void aLaterVersionIsRefused()
    {
        write([](Hdf5Writer& w) { w.attribute("", "version", std::int64_t{2}); }, "version");
        FOVEA_THROWS(opened(), Error, "w.h5: attribute 'version': expected 1, found 2");
    }

    /// As the reference code of ImageNet's models (256 to 224) and of DeiT and ViT (a crop of 0.9) does.
    void foreignPicturesArePreparedByName()
    {
        const auto isPrepared = [](const char* name, int size, float mean, float std) {
            const Preprocess p = foreignPreprocess(name, 224);
            return p.size == size && p.crop == 224 && p.mean[0] == mean && p.std[0] == std;
        };
        QVERIFY(isPrepared("imagenet", 256, 0.485F, 0.229F));
        QVERIFY(isPrepared("half", 248, 0.5F, 0.5F));
        QVERIFY(isPrepared("none", 224, 0, 1));
    }

    void wrongAttributesAreErrors_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, const char* value, const char* message) {
            QTest::addRow("%s %s", name, value)
                << QByteArray(name) << QByteArray(value) << QByteArray(message);
        };
        row("architecture", "circle", "there is no architecture 'circle' (known: line)");
        row("config", "{", "attribute 'config': expected a JSON object");
        row("config", R"({"size":1000})", "attribute 'config': field 'size': expected 1 to 100");
        row("config", R"({"width":1})", "attribute 'config': there is no field 'width'");
        row("version", "1", "attribute 'version' is of an unexpected type");
        row("preprocess", "x", "attribute 'preprocess': expected size, crop");
        row("preprocess", R"({"size":0,"crop":1,"mean":[0,0,0],"std":[1,1,1],"interpolation":"bicubic"})",
            "field 'size': expected 1 to");
        row("preprocess", R"({"size":1,"crop":1,"mean":[0,0,0],"std":[1,0,1],"interpolation":"bicubic"})",
            "field 'std'");
        row("preprocess", R"({"size":20000,"crop":1,"mean":[0,0,0],"std":[1,1,1],"interpolation":"bicubic"})",
            "field 'size': expected 1 to 16384, found 20000");
        row("preprocess", R"({"size":1,"crop":1,"mean":[1e39,0,0],"std":[1,1,1],"interpolation":"bicubic"})",
            "field 'mean': expected finite numbers");
        row("preprocess", R"({"size":1,"crop":1,"mean":[0,0],"std":[1,1,1],"interpolation":"bicubic"})",
            "field 'mean': expected three numbers");
        row("preprocess", R"({"size":1,"crop":1,"mean":[0,0,0],"std":[1,1,1],"interpolation":"cubic"})",
            "found 'cubic'");
    }
    void wrongAttributesAreErrors()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, message);
        write([&](Hdf5Writer& w) { w.attribute("", name.toStdString(), value.toStdString()); },
            name.toStdString());
        FOVEA_THROWS(opened(), Error, "w.h5: ", message.constData());
        write([](Hdf5Writer&) {}, name.toStdString());
        FOVEA_THROWS(opened(), Error, "w.h5: ", name.constData(), "is missing");
    }
};

QTEST_APPLESS_MAIN(TstIoWeights)
#include "tst_io_weights.moc"
