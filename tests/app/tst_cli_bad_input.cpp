// Data that the command line refuses: exit code 1, a message that names the file, nothing half-written.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/hdf5_writer.h"
#include "core/io/npy.h"
#include "core/io/safetensors.h"

#include "tests/app/cli.h"
#include "tests/support/test.h"

#include <QBuffer>
#include <QImage>

using namespace fovea;
using namespace fovea::cli;
using test::contentOf;

namespace {

const QString otherAbi = QStringLiteral(FOVEA_PLUGIN_CASES "/other_abi.so");

}

class TestCliBadInput : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    QString path(const char* name) const { return folder_.filePath(name); }

private slots:
    void infoShowsWhatCannotBeUsed()
    {
        writeChanged(path("nan_info.h5"), "head.bias", NAN);
        const Outcome nan = call({"info", path("nan_info.h5"), "--json"});
        QCOMPARE(nan.code, 1);
        QVERIFY2(nan.err.contains("nan_info.h5: tensor 'head.bias': expected finite"), qPrintable(nan.err));
        QVERIFY(nan.json()["parameters"].is_number());
        QCOMPARE(nan.err.trimmed(), "fovea: " + QString::fromStdString(nan.json()["problem"]));
        const Outcome open
            = call({"info", QStringLiteral(FOVEA_FIXTURES "/checkpoints/timm.safetensors"), "--json"});
        QCOMPARE(open.code, 1);
        QVERIFY2(open.err.contains("--set heads=..."), qPrintable(open.err));
        QVERIFY(open.json()["tensors"].size() > 10);
    }

    void infoShowsEveryTensor()
    {
        const QString fixture = FOVEA_FIXTURES "/checkpoints/hf_vit.safetensors";
        const Outcome whole = call({"info", fixture, "--set", "heads=3", "--set", "preprocess=none"});
        QCOMPARE(whole.code, 0);
        QVERIFY2(whole.out.contains("matched: classifier.bias -> head.bias [5]"), qPrintable(whole.out));
        const io::SafetensorsFile content(fixture.toStdString());
        io::Hdf5Writer writer(path("odd.h5").toStdString());
        for (std::size_t i = 0; i < content.tensors().size(); ++i)
            if (const std::string& name = content.tensors()[i].name; name != "classifier.bias")
                writer.write(name, name == "vit.layernorm.bias" ? Tensor::zeros({7}) : content.read(i));
        writer.write("spare", Tensor::full({2}, 3));
        writer.commit();
        const QStringList line{"info", path("odd.h5"), "--set", "heads=3", "--set", "preprocess=none"};
        const Outcome text = call(line);
        QCOMPARE(text.code, 1);
        for (const char* row : {"missing: classifier.bias -> head.bias expected [5]", "unused: spare [2]",
                 "wrong shape: vit.layernorm.bias -> norm.bias expected [12], found [7]",
                 "matched: classifier.weight -> head.weight [5, 12]"})
            QVERIFY2(text.out.contains(row), qPrintable(text.out));
        QVERIFY2(
            text.err.contains("odd.h5: tensor 'vit.layernorm.bias' (here 'norm.bias') has the wrong shape")
                && text.err.contains("(and 2 more)"),
            qPrintable(text.err));
        std::map<std::string, int> states;
        const Json json = call(line + QStringList{"--json"}).json();
        for (const auto& row : json["tensors"])
            ++states[row["state"]];
        QCOMPARE(states,
            (std::map<std::string, int>{{"matched", 30}, {"missing", 1}, {"unused", 1}, {"wrong shape", 1}}));
    }

    /// The good ones are listed, the bad one is named, and other commands go on.
    void aPluginOfAnotherAbiIsNamed()
    {
        QDir(folder_.path()).mkdir("abi");
        QVERIFY(QFile::exists(path("abi/other_abi.so")) || QFile::copy(otherAbi, path("abi/other_abi.so")));
        const QStringList with{"--plugin-path", path("abi")};
        const QString named = "abi/other_abi.so: fovea_plugin_abi: built for another Fovea: expected '";
        const Outcome list = call(QStringList{"list"} + with);
        QCOMPARE(list.code, 1);
        QVERIFY2(list.err.contains(named) && list.out.contains("vit:deit_tiny"), qPrintable(list.err));
        const Outcome json = call(QStringList{"list", "--json"} + with);
        QCOMPARE(json.code, 1);
        QCOMPARE(json.json()["failed_plugins"].size(), std::size_t{1});
        const Outcome run = call(QStringList{"run", model, anySample()} + with);
        QCOMPARE(run.code, 0);
        QVERIFY2(run.err.contains(named) && !run.out.isEmpty(), qPrintable(run.err));
        QCOMPARE(call({"check", qEnvironmentVariable("FOVEA_BIN") + "/plugins/vit.so"}).code, 0);
    }

    /// On a disk that takes nothing.
    void aTourThatCannotBeWrittenLeavesNoFolder()
    {
        QProcess shell;
        shell.start(
            "sh", {"-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" tour -o \"$1\"", program(), path("tour")});
        QVERIFY(shell.waitForFinished(120000));
        QCOMPARE(shell.exitCode(), 1);
        QVERIFY(shell.readAllStandardError().contains("tour/"));
        QVERIFY(!QFile::exists(path("tour")));
    }

    void badDataIsOneAndNamesTheFile_data()
    {
        QTest::addColumn<QStringList>("line");
        QTest::addColumn<QString>("says");
        QTest::newRow("no such model") << QStringList{"info", path("missing.h5")} << "missing.h5";
        QTest::newRow("cut off") << QStringList{"run", path("cut.h5"), anySample()} << "cut.h5";
        QTest::newRow("text as model") << QStringList{"run", path("text.h5"), anySample()} << "text.h5";
        QTest::newRow("picture to check") << QStringList{"check", anySample()}
                                          << "png: expected weights (.h5 or .safetensors), found a PNG "
                                             "picture: fovea run W.h5 takes it as the input";
        QTest::newRow("text to check") << QStringList{"check", path("text.h5")}
                                       << "text.h5: expected weights (.h5 or .safetensors), found text";
        QTest::newRow("trace as model") << QStringList{"run", path("trace.h5"), anySample()}
                                        << "trace.h5: expected weights, found a trace: fovea opens it";
        QTest::newRow("text as picture") << QStringList{"run", model, path("text.png")} << "text.png";
        QTest::newRow("one pixel") << QStringList{"run", model, path("one.png")} << "1 x 1";
        QTest::newRow("NaN weight") << QStringList{"run", path("nan.h5"), anySample()}
                                    << "nan.h5: tensor 'head.bias': expected finite";
        QTest::newRow("extra tensor")
            << QStringList{"run", path("extra.h5"), anySample()} << "extra.h5: tensor 'spare'";
        QTest::newRow("missing tensor") << QStringList{"run", path("foreign.h5"), anySample(), "--set",
            "heads=3", "--set",
            "preprocess=none"} << "foreign.h5: tensor 'head.bias' is missing: expected [5] (and 1 more)";
        for (const char* picture : {"cut.png", "sum.png", "cut.tif"})
            QTest::addRow("%s", picture)
                << QStringList{"run", model, path(picture)} << QString(picture) + ": picture: ";
        for (const char* picture : {"text.png", "empty.png", "x.bmp"})
            QTest::addRow("info %s", picture)
                << QStringList{"info", path(picture)} << "picture: cannot be decoded: expected PNG";
        QTest::newRow("cut off picture") << QStringList{"run", model, path("cut.jpg")} << "cut.jpg";
        QTest::newRow("field that does not fit the tensors")
            << QStringList{"run", model, anySample(), "--set", "dim=48"} << "vit_micro_fashion.h5: tensor";
        QTest::newRow("NaN weight in a figure") << QStringList{"figure", "matrix", "--model", path("nan.h5"),
            "--input", anySample(), "-o", path("f.pdf")}
                                                << "nan.h5: tensor 'head.bias': expected finite";
        QTest::newRow("NaN weight to check")
            << QStringList{"check", path("nan.h5")} << "nan.h5: tensor 'head.bias'";
        for (const char* command : {"run", "figure"}) {
            const auto line = [&](const char* input) {
                return QString(command) == "run" ? QStringList{"run", model, path(input)}
                                                 : QStringList{"figure", "matrix", "--model", model,
                                                     "--input", path(input), "-o", path("f.pdf")};
            };
            QTest::addRow("NaN input, %s", command)
                << line("nan.npy") << "nan.npy: input: expected finite numbers, found NaN at [0, 0, 2, 3]";
            QTest::addRow("infinite input, %s", command)
                << line("inf.npy") << "inf.npy: input: expected finite numbers, found infinity";
            QTest::addRow("whole numbers, %s", command)
                << line("whole.npy") << "whole.npy: expected floating-point";
            QTest::addRow("batch, %s", command) << line(
                "batch.npy") << "batch.npy: input: expected [1, 28, 28] or [1, 1, 28, 28], found [2, ";
        }
        QTest::newRow("bad plugin") << QStringList{"check", "vit", "--plugin-path", path("plugins")}
                                    << "plugins/bad.so";
        QTest::newRow("library of another ABI")
            << QStringList{"check", otherAbi} << "other_abi.so: fovea_plugin_abi: built";
        QTest::newRow("no library") << QStringList{"check", path("plugins/bad.so")}
                                    << "bad.so: cannot be opened as a library";
        QTest::newRow("no such library") << QStringList{"check", path("none.so")} << "none.so: ";
        QTest::newRow("picture as model") << QStringList{"figure", "matrix", "--model", anySample(),
            "--input", anySample(), "-o", path("f.pdf")}
                                          << "png: expected weights or a trace, found an input";
        QTest::newRow("model as picture") << QStringList{"figure", "matrix", "--model", model, "--input",
            model, "-o", path("f.pdf")} << "vit_micro_fashion.h5: expected an input, found weights";
        QTest::newRow("recipe that is a list") << QStringList{"figure", path("list.json"), "-o",
            path("f.pdf")} << "list.json: expected a recipe in JSON, found no object";
        QTest::newRow("too large for f16")
            << QStringList{"convert", path("large.h5"), path("half.h5"), "--type", "f16"}
            << "half.h5: dataset 'parameters/head.bias': expected numbers that f16 can hold, from -65504 to "
               "65504, found 70000";
        QTest::newRow("preprocess of one number")
            << QStringList{"run", model, anySample(), "--set",
                   R"(preprocess={"size":28,"crop":28,"mean":[0.13],"std":[0.31],"interpolation":"bicubic"})"}
            << "preprocess: field 'mean': expected three numbers, for red, green and blue, found [0.13]";
        QTest::newRow("preprocess of another size") << QStringList{"run", model, anySample(), "--set",
            R"(preprocess={"size":20,"crop":20,"mean":[0,0,0],"std":[1,1,1],"interpolation":"bicubic"})"}
                                                    << "vit_micro_fashion.h5: preprocess: gives [1, 20, 20], "
                                                       "the model reads [1, 28, 28]";
        QTest::newRow("tensor without heads")
            << QStringList{"run", FOVEA_FIXTURES "/checkpoints/timm.safetensors", path("nan.npy")}
            << "do not tell heads (attention heads of a block); say";
        QTest::newRow("recipe of nothing")
            << QStringList{"figure", path("text.json"), "-o", path("f.pdf")} << "text.json: ";
        QTest::newRow("recipe with a wrong edit") << QStringList{"figure", path("edit.json"), "-o",
            path("f.pdf")} << "edit.json: edit 'blocks.9=off'";
        QTest::newRow("recipe with a wrong setting") << QStringList{"figure", path("setting.json"), "-o",
            path("f.pdf")} << "setting.json: field 'settings.scale'";
        QTest::newRow("recipe of a rollout without layers")
            << QStringList{"figure", path("rollout.json"), "-o", path("f.pdf")} << "start layer 9 of 6";
        QTest::newRow("BMP") << QStringList{"run", model, path("x.bmp")}
                             << "expected PNG, JPEG, WebP or TIFF";
        QTest::newRow("SVG") << QStringList{"run", model, path("x.svg")}
                             << "expected PNG, JPEG, WebP or TIFF";
        QTest::newRow("CMYK TIFF") << QStringList{"run", model, path("cmyk.tif")} << "found CMYK";
        QTest::newRow("empty picture") << QStringList{"run", model, path("empty.png")} << "empty.png";
        QTest::newRow("folder") << QStringList{"run", model, folder_.path()} << "found a folder";
        QTest::newRow("16 bits") << QStringList{"run", model, path("deep.png")} << "8 bits";
        QTest::newRow("full disk") << QStringList{"run", model, anySample(), "-o", "/dev/full"}
                                   << "/dev/full";
        QTest::newRow("no folder") << QStringList{"run", model, anySample(), "-o", path("no/such/t.h5")}
                                   << "no/such";
    }

    void badDataIsOneAndNamesTheFile()
    {
        QFile whole(model);
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const auto write = [&](const char* name, const QByteArray& bytes) {
            QFile file(path(name));
            return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
        };
        QDir(folder_.path()).mkdir("plugins");
        QVERIFY(write("plugins/bad.so", "no library"));
        QVERIFY(write("cut.h5", whole.read(5000)) && write("text.h5", "hello") && write("text.png", "hello"));
        QVERIFY(QImage(1, 1, QImage::Format_RGB888).save(path("one.png")));
        if (!QFile::exists(path("trace.h5")))
            QCOMPARE(call({"run", model, anySample(), "-o", path("trace.h5"), "--probe", "logits"}).code, 0);
        writeChanged(path("nan.h5"), "head.bias", NAN);
        writeChanged(path("extra.h5"), "spare", 1);
        Tensor input = Tensor::zeros({1, 1, 28, 28});
        input.writable()[2 * 28 + 3] = NAN;
        io::writeNpy(path("nan.npy").toStdString(), input);
        io::writeNpy(path("inf.npy").toStdString(),
            Tensor::of<double>({1, 1, 28, 28}, std::vector<double>(784, 1e300)));
        io::writeNpy(path("whole.npy").toStdString(), Tensor::zeros({1, 1, 28, 28}, DType::I32));
        io::writeNpy(path("batch.npy").toStdString(), Tensor::zeros({2, 1, 28, 28}));
        const Json recipe = {{"fovea_recipe", 1}, {"view", "rollout"},
            {"model", {{"path", model.toStdString()}, {"sha256", ""}}},
            {"input", {{"path", anySample().toStdString()}, {"sha256", ""}}}, {"edits", Json::array()},
            {"selection", {{"layer", 0}}}, {"settings", Json::object()}, {"measured", Json::object()},
            {"width_pt", 234}, {"height_pt", 200}, {"dpi", 300}};
        const auto writeRecipe = [&](const char* name, const char* field, const Json& value) {
            Json other = recipe;
            other[field] = value;
            return write(name, QByteArray::fromStdString(other.dump()));
        };
        writeChanged(path("large.h5"), "head.bias", 70000);
        QVERIFY(write("list.json", "[]") && write("text.json", "hello")
            && writeRecipe("edit.json", "edits", {"blocks.9=off"})
            && writeRecipe("setting.json", "settings", {{"scale", "large"}})
            && writeRecipe("rollout.json", "settings", {{"rollout_start", 9}}));
        QVERIFY(QImage(40, 40, QImage::Format_RGB888).save(path("x.bmp")));
        QVERIFY(write("x.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='64' height='64'/>")
            && write("empty.png", ""));
        // 4 x 4 pixels in four inks, uncompressed, little endian: a TIFF of one strip behind eight fields
        QByteArray tiff("II\x2a\0\x48\0\0\0", 8);
        tiff += QByteArray(64, '\x10');
        const auto field = [&](int tag, int type, int count, int value) {
            for (const auto& [number, bytes] : {std::pair(tag, 2), {type, 2}, {count, 4}, {value, 4}})
                for (int i = 0; i < bytes; ++i)
                    tiff += static_cast<char>(number >> 8 * i & 0xff);
        };
        tiff += QByteArray("\x08\0", 2);
        field(256, 3, 1, 4), field(257, 3, 1, 4), field(258, 3, 1, 8), field(259, 3, 1, 1),
            field(262, 3, 1, 5);
        field(273, 4, 1, 8), field(277, 3, 1, 4), field(279, 4, 1, 64);
        QVERIFY(write("cmyk.tif", tiff + QByteArray(4, '\0')));
        QBuffer jpeg;
        QVERIFY(jpeg.open(QIODevice::WriteOnly) && QImage(40, 40, QImage::Format_RGB888).save(&jpeg, "JPG"));
        QVERIFY(write("cut.jpg", jpeg.data().chopped(40)));
        QImage deep(40, 40, QImage::Format_RGBX64);
        deep.fill(Qt::gray);
        QVERIFY(deep.save(path("deep.png")));

        QByteArray bytes = contentOf(anySample());
        QVERIFY(write("cut.png", bytes.chopped(bytes.size() / 2)));
        const auto data = bytes.indexOf("IDAT") + 20;
        bytes[data] = static_cast<char>(~bytes[data]);
        QVERIFY(write("sum.png", bytes) && write("cut.tif", QByteArray("II\x2a\0\x48\0\0\0", 8)));
        io::Hdf5Writer foreign(path("foreign.h5").toStdString());
        const io::SafetensorsFile timm(FOVEA_FIXTURES "/checkpoints/timm.safetensors");
        for (std::size_t i = 0; i < timm.tensors().size(); ++i)
            foreign.write(
                timm.tensors()[i].name == "head.bias" ? "spare" : timm.tensors()[i].name, timm.read(i));
        foreign.commit();

        QFETCH(QStringList, line);
        QFETCH(QString, says);
        const QStringList before = QDir(folder_.path()).entryList(QDir::Files);
        const Outcome outcome = call(line);
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.err.contains(says), qPrintable(outcome.err));
        if (!line.contains("--plugin-path")) // which names each plugin, too
            QVERIFY2(
                outcome.err.startsWith("fovea: ") && outcome.err.count('\n') == 1, qPrintable(outcome.err));
        QCOMPARE(QDir(folder_.path()).entryList(QDir::Files), before); // nothing half-written
    }
};

QTEST_GUILESS_MAIN(TestCliBadInput)
#include "tst_cli_bad_input.moc"
