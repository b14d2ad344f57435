// What the command line refuses: exit code and message, and nothing half-written.
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
    void anUnreachableDisplayIsNamed()
    {
        const Outcome stale
            = call({}, {{"QT_QPA_PLATFORM", ""}, {"DISPLAY", ":987"}, {"WAYLAND_DISPLAY", ""}});
        QCOMPARE(stale.code, 1);
        QVERIFY2(stale.err.contains("DISPLAY=':987'") && stale.err.contains("commands need no display"),
            qPrintable(stale.err));
        QCOMPARE(stale.err.count('\n'), 1);
        const Outcome none = call({}, {{"QT_QPA_PLATFORM", ""}, {"DISPLAY", ""}, {"WAYLAND_DISPLAY", ""}});
        QCOMPARE(none.code, 1);
        QVERIFY2(none.err.contains("DISPLAY is not set"), qPrintable(none.err));
    }

    void whatIsReadIsNeverOverwritten_data()
    {
        QTest::addColumn<QStringList>("line");
        const QString own = path("own.h5"), link = path("link.h5"), picture = path("own.png");
        QTest::newRow("run, model") << QStringList{"run", own, picture, "-o", own};
        QTest::newRow("run, link") << QStringList{"run", own, picture, "-o", link};
        QTest::newRow("run, input") << QStringList{"run", own, picture, "-o", picture};
        QTest::newRow("convert") << QStringList{"convert", own, own};
        QTest::newRow("figure") << QStringList{
            "figure", "matrix", "--model", own, "--input", picture, "-o", picture};
    }

    void whatIsReadIsNeverOverwritten()
    {
        if (!QFile::exists(path("own.h5")))
            QVERIFY(QFile::copy(model, path("own.h5")) && QFile::copy(anySample(), path("own.png"))
                && QFile::link(path("own.h5"), path("link.h5")));
        QFETCH(QStringList, line);
        const Outcome outcome = call(line);
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains("would be lost"), qPrintable(outcome.err));
        QVERIFY(contentOf(path("own.h5")) == contentOf(model)
            && contentOf(path("own.png")) == contentOf(anySample()));
    }

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

    void wrongUsageIsTwo_data()
    {
        QTest::addColumn<QStringList>("line");
        QTest::addColumn<QString>("says");
        QTest::newRow("no option of the program") << QStringList{"--nonsense"} << "nonsense";
        QTest::newRow("a resolution no recipe takes") << QStringList{"figure", "classes", "--model", model,
            "--input", anySample(), "--dpi", "20", "-o", path("dpi.pdf")}
                                                      << "dpi";
        QTest::newRow("unknown option") << QStringList{"run", model, anySample(), "--nonsense"} << "nonsense";
        QTest::newRow("no input") << QStringList{"run", model} << "expected";
        QTest::newRow("edit of nothing")
            << QStringList{"run", model, anySample(), "--edit", "blocks.99.attn=off"} << "blocks.99";
        QTest::newRow("unknown verb")
            << QStringList{"run", model, anySample(), "--edit", "blocks.0=twist"} << "twist";
        QTest::newRow("edit nearly of something") << QStringList{"run", model, anySample(), "--edit",
            "embed.cls=off"} << "nearest: 'embed.out.cls'";
        QTest::newRow("probe nearly of something")
            << QStringList{"run", model, anySample(), "--probe", "blocks.*.atn.pattern"} << "attn.pattern'";
        QTest::newRow("head out of range") << QStringList{"run", model, anySample(), "--edit",
            "blocks.3.attn.head.9=off"} << "'9' is not 0 to 2";
        QTest::newRow("head out of range in a figure") << QStringList{"figure", "matrix", "--model", model,
            "--input", anySample(), "--edit", "blocks.3.attn.head.9=off", "-o", path("x.pdf")}
                                                       << "'9' is not 0 to 2";
        QTest::newRow("special token as a head") << QStringList{"run", model, anySample(), "--edit",
            "blocks.3.attn.head.cls=off"} << "'cls' is not 0 to 2";
        QTest::newRow("probe of nothing")
            << QStringList{"run", model, anySample(), "--probe", "nothing"} << "--probe 'nothing'";
        QTest::newRow("one word too many") << QStringList{"run", model, anySample(), "more"} << "'more'";
        QTest::newRow("too many threads")
            << QStringList{"run", model, anySample(), "--threads", "4294967297"} << "--threads";
        QTest::newRow("no plugin folder") << QStringList{"list", "--plugin-path", path("none")} << "none";
        QTest::newRow("no such word") << QStringList{"rnu", model} << "'rnu' is neither a command nor a file";
        QTest::newRow("no such figure")
            << QStringList{"figure", "x", "--model", model, "--input", anySample()} << "overlay, head-grid";
        QTest::newRow("edit of nothing in a figure") << QStringList{"figure", "matrix", "--model", model,
            "--input", anySample(), "--edit", "blocks.9=off"}
                                                     << "blocks.9";
        QTest::newRow("no such layer") << QStringList{"figure", "matrix", "--model", model, "--input",
            anySample(), "--option", "layer=6"}
                                       << "0 to 5";
        QTest::newRow("no such layer of a rollout")
            << QStringList{"run", model, anySample(), "--method", "rollout", "--option", "rollout_start=6"}
            << "0 to 5";
        QTest::newRow("no such layer of a drawn rollout") << QStringList{"figure", "rollout", "--model",
            model, "--input", anySample(), "--option", "rollout_start=6"}
                                                          << "0 to 5";
        QTest::newRow("no such special token") << QStringList{"figure", "matrix", "--model", model, "--input",
            anySample(), "--option", "query=dist"}
                                               << "special token (cls)";
        QTest::newRow("option without a method")
            << QStringList{"run", model, anySample(), "--option", "rollout_start=0"} << "--method rollout";
        QTest::newRow("option nearly right")
            << QStringList{"run", model, anySample(), "--jsno"} << "'--json'";
        QTest::newRow("command nearly right") << QStringList{"fgure"} << "'figure'";
        QTest::newRow("field nearly right")
            << QStringList{"run", model, anySample(), "--set", "heds=3"} << "nearest: 'heads'";
        QTest::newRow("given twice") << QStringList{"init", "vit", "-o", path("x.h5"), "-o", path("y.h5")}
                                     << "expected once";
        QTest::newRow("empty value") << QStringList{"run", model, anySample(), "-o", ""}
                                     << "--output: expected FILE";
        QTest::newRow("empty word") << QStringList{"run", model, ""} << "expected a word";
        QTest::newRow("no such preset")
            << QStringList{"init", "vit:deit_tiny", "-o", path("x.h5")} << "nearest: 'deit_tiny_";
        QTest::newRow("no such architecture")
            << QStringList{"init", "vti", "-o", path("x.h5")} << "nearest: 'vit'";
        QTest::newRow("nothing to check") << QStringList{"check", "vti"} << "neither a plugin nor a file";
        QTest::newRow("no trace") << QStringList{"figure", "matrix", "--model", model, "--input", anySample(),
            "--edit", "blocks.0.out=patch:" + model, "-o", path("x.pdf")}
                                  << "is no trace";
        QTest::newRow("field out of range")
            << QStringList{"init", "vit", "--set", "depth=-1", "-o", path("x.h5")} << "depth";
        for (const char* field : {"heads=5", "patch_size=15", "class_token=no", "proj=no:head_dim=5"}) {
            QStringList line{"init", "vit", "-o", path("x.h5")};
            for (const QString& one : QString(field).split(':'))
                line << "--set" << one;
            QTest::newRow(field) << line << "--set: field '";
        }
        QTest::newRow("heads that do not divide the width of a file") << QStringList{
            "run", model, anySample(), "--set", "heads=5"} << "--set: field 'heads': expected a divisor";
        QTest::newRow("map for our own format") << QStringList{"convert", model, path("x.h5"), "--map",
            path("map.json")} << "map.json' is of no use";
        QTest::newRow("unknown field") << QStringList{"run", model, anySample(), "--set", "x=1"} << "'x'";
        QTest::newRow("recipe and options") << QStringList{"figure", path("recipe.json"), "--width", "5in"}
                                            << "--width: the recipe says this";
        QTest::newRow("no such setting")
            << QStringList{"figure", "matrix", "--model", model, "--input", anySample(), "--option", "x=6"}
            << "'x'";
        QTest::newRow("no output") << QStringList{"init", "vit"} << "-o";
    }

    void wrongUsageIsTwo()
    {
        QFETCH(QStringList, line);
        QFETCH(QString, says);
        const Outcome outcome = call(line);
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains(says), qPrintable(outcome.err));
        QVERIFY(outcome.out.isEmpty());
    }

    void badDataIsOneAndNamesTheFile_data()
    {
        QTest::addColumn<QStringList>("line");
        QTest::addColumn<QString>("says");
        QTest::newRow("no such model") << QStringList{"info", path("missing.h5")} << "missing.h5";
        QTest::newRow("cut off") << QStringList{"run", path("cut.h5"), anySample()} << "cut.h5";
        QTest::newRow("text as model") << QStringList{"run", path("text.h5"), anySample()} << "text.h5";
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
                << line("nan.npy") << "nan.npy: input: expected finite numbers, found NaN at [0, 1, 2, 3]";
            QTest::addRow("infinite input, %s", command)
                << line("inf.npy") << "inf.npy: input: expected finite numbers, found infinity";
            QTest::addRow("whole numbers, %s", command)
                << line("whole.npy") << "whole.npy: expected floating-point";
            QTest::addRow("batch, %s", command) << line(
                "batch.npy") << "batch.npy: input: expected [3, 32, 32] or [1, 3, 32, 32], found [2, ";
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
        writeChanged(path("nan.h5"), "head.bias", NAN);
        writeChanged(path("extra.h5"), "spare", 1);
        Tensor input = Tensor::zeros({1, 3, 32, 32});
        input.writable()[(1 * 32 + 2) * 32 + 3] = NAN;
        io::writeNpy(path("nan.npy").toStdString(), input);
        io::writeNpy(path("inf.npy").toStdString(),
            Tensor::of<double>({1, 3, 32, 32}, std::vector<double>(3072, 1e300)));
        io::writeNpy(path("whole.npy").toStdString(), Tensor::zeros({1, 3, 32, 32}, DType::I32));
        io::writeNpy(path("batch.npy").toStdString(), Tensor::zeros({2, 3, 32, 32}));
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
        QVERIFY(write("text.json", "hello") && writeRecipe("edit.json", "edits", {"blocks.9=off"})
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
