// The command line as a person types it: results on stdout, messages on stderr, help, JSON.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/rollout.h"
#include "core/io/trace_file.h"

#include "tests/app/cli.h"
#include "tests/support/test.h"

#include <QCryptographicHash>

#include <algorithm>

using namespace fovea;
using namespace fovea::cli;
using test::contentOf;

class TestCli : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    QString path(const char* name) const { return folder_.filePath(name); }

private slots:
    void listNamesArchitecturesAndSamples()
    {
        const Outcome list = call({"list", "--json"});
        QCOMPARE(list.code, 0);
        const Json json = list.json();
        const Json& all = json["architectures"];
        const auto vit = std::ranges::find_if(all, [](const Json& one) { return one["id"] == "vit"; });
        QVERIFY(vit != all.end());
        QVERIFY((*vit)["presets"].size() >= 10);
        QVERIFY(json["data_sets"][0]["name"] == "shapes");
        QVERIFY(json["failed_plugins"].empty());
        QVERIFY(!json["models"].empty() && !json["samples"].empty());
    }

    void infoSaysWhatTheModelIs()
    {
        const Outcome info = call({"info", model, "--json"});
        QCOMPARE(info.code, 0);
        const Json json = info.json();
        QVERIFY(json["architecture"] == "vit");
        QCOMPARE(json["labels"].size(), std::size_t{10});
        QVERIFY(json["parameters"].get<int>() > 100000);
    }

    void initIsAFunctionOfTheSeed()
    {
        const QStringList tiny{"--set", "dim=24", "--set", "depth=2", "--set", "heads=3", "--set",
            "image_size=32", "--set", "patch_size=8", "--set", "classes=5"};
        const auto init = [&](const char* name, const char* seed) {
            return call(QStringList{"init", "vit", "-o", path(name), "--seed", seed} + tiny).code;
        };
        QCOMPARE(init("a.h5", "3"), 0);
        QCOMPARE(init("b.h5", "3"), 0);
        QCOMPARE(init("c.h5", "4"), 0);
        QVERIFY(!contentOf(path("a.h5")).isEmpty());
        QVERIFY(contentOf(path("a.h5")) == contentOf(path("b.h5")));
        QVERIFY(contentOf(path("a.h5")) != contentOf(path("c.h5")));
    }

    /// DeiT's own code enlarges a picture to 256/224 of what it crops.
    void initFitsThePreparationToTheInput()
    {
        for (const auto& [side, size] : {std::pair(224, 256), std::pair(384, 438)}) {
            QCOMPARE(call({"init", "vit:deit_tiny_patch16_224", "--set", "depth=1", "--set",
                              QString("image_size=%1").arg(side), "-o", path("sized.h5")})
                         .code,
                0);
            const Json preprocess = call({"info", path("sized.h5"), "--json"}).json()["preprocess"];
            QVERIFY(preprocess["crop"] == side && preprocess["size"] == size);
        }
    }

    void runWritesATraceThatInfoReads()
    {
        const Outcome run
            = call({"run", model, anySample(), "-o", path("t.h5"), "--method", "rollout", "--json"});
        QCOMPARE(run.code, 0);
        QCOMPARE(run.json()["top"].size(), std::size_t{5});
        const Outcome info = call({"info", path("t.h5"), "--json"});
        QCOMPARE(info.code, 0);
        QStringList paths;
        const Json json = info.json();
        for (const auto& record : json["records"])
            paths << QString::fromStdString(record["path"]);
        for (const char* wanted : {"blocks.0.attn.pattern", "blocks.5.out", "logits", "rollout"})
            QVERIFY2(paths.contains(wanted), wanted);
    }

    void anEditChangesTheAnswerAndSaysBy()
    {
        const Outcome run = call({"run", model, anySample(), "--edit", "blocks.3.attn.head.1=off", "--json"});
        QCOMPARE(run.code, 0);
        QVERIFY(run.json()["effect"]["kl"].get<double>() > 0);
        QVERIFY(run.json()["without_effect"].empty());
        const Outcome idle
            = call({"run", model, anySample(), "--edit", "blocks.3.attn.head.1=scale:1", "--json"});
        QCOMPARE(idle.code, 0);
        QCOMPARE(idle.json()["without_effect"].size(), std::size_t{1});
        QCOMPARE(idle.json()["effect"]["kl"].get<double>(), 0.0);
    }

    void checkFindsTheModelAtParity()
    {
        const Outcome check = call({"check", model, "--json"});
        QCOMPARE(check.code, 0);
        QVERIFY(check.json()["parity"]["worst"].get<double>() < 1e-4);
        QCOMPARE(check.json()["parity"]["rows"].size(), std::size_t{3}); // logits and two signals
    }

    void checkNamesTheSignalThatDiffers()
    {
        writeChanged(path("other.h5"), "head.bias", 5);
        const Outcome check = call({"check", path("other.h5")});
        QCOMPARE(check.code, 1);
        QVERIFY2(check.err.contains("other.h5: differs from its reference, first in signal 'logits'"),
            qPrintable(check.err));
    }

    void checkNamesThePluginThatBreaksTheContract()
    {
        QVERIFY(QDir().mkdir(path("plugins"))
            && QFile::copy(FOVEA_PLUGIN_CASES "/careless.so", path("plugins/careless.so")));
        const Outcome check = call({"check", "careless", "--plugin-path", path("plugins"), "--json"});
        QCOMPARE(check.code, 1);
        QVERIFY2(check.err.contains("plugin 'careless': the contract is broken"), qPrintable(check.err));
        QCOMPARE(check.json()["contract"][0]["problems"].size(), std::size_t{1});
    }

    void convertWritesTheTypeThatIsAsked()
    {
        for (const char* type : {"f32", "f16", "bf16"}) {
            QCOMPARE(call({"convert", model, path("typed.h5"), "--type", type}).code, 0);
            const io::Hdf5File file(path("typed.h5").toStdString());
            QCOMPARE(io::nameOf(file.numbers("parameters/cls_token").type), std::string_view(type));
        }
    }

    void anotherSizeIsAsked()
    {
        const Outcome run
            = call({"run", model, anySample(), "--set", "image_size=48", "-o", path("48.h5"), "--json"});
        QCOMPARE(run.code, 0);
        QVERIFY(run.json()["logits"] != call({"run", model, anySample(), "--json"}).json()["logits"]);
        const Json info = call({"info", path("48.h5"), "--json"}).json();
        const auto isStream = [](const Json& record) { return record["path"] == "blocks.0.out"; };
        QVERIFY((*std::ranges::find_if(info["records"], isStream))["shape"][0] == 1 + 12 * 12);
    }

    void rolloutTakesItsOptions()
    {
        const auto rollout = [&](const QStringList& options) {
            const Outcome run = call(QStringList{"run", model, anySample(), "--probe", "*.pattern",
                                         "--method", "rollout", "-o", path("r.h5")}
                + options);
            return run.code == 0 ? io::readTrace(path("r.h5").toStdString())->find("rollout") : nullptr;
        };
        const RecordPtr plain = rollout({});
        const RecordPtr other = rollout({"--option", "rollout_start=2", "--option", "rollout_discard=0.9",
            "--option", "rollout_fusion=max", "--option", "rollout_residual=0.3"});
        QVERIFY(plain && other);
        QVERIFY(!plain->value.identical(other->value));
        const TracePtr trace = io::readTrace(path("r.h5").toStdString());
        const Record expected = analysis::rollout(analysis::patternsOf(*trace),
            {.startLayer = 2, .residual = 0.3, .fusion = analysis::Fusion::Max, .discard = 0.9});
        QVERIFY(other->value.identical(expected.value));
    }

    void aTraceNamesTheFilesItCameFrom()
    {
        QCOMPARE(call({"run", model, anySample(), "-o", path("named.h5")}).code, 0);
        const Json trace = call({"info", path("named.h5"), "--json"}).json();
        for (const auto& [key, file] : {std::pair("weights_sha256", model), {"input_sha256", anySample()}})
            QCOMPARE(QByteArray::fromStdString(trace[key]),
                QCryptographicHash::hash(contentOf(file), QCryptographicHash::Sha256).toHex());
    }

    void aPatchFromTheSameTraceChangesNothing()
    {
        QCOMPARE(call({"run", model, anySample(), "-o", path("a.h5")}).code, 0);
        const QString edit = "blocks.2.out=patch:" + path("a.h5");
        const Outcome same = call({"run", model, anySample(), "--edit", edit, "--json"});
        QCOMPARE(same.code, 0);
        QVERIFY(same.json()["without_effect"] == Json::array({edit.toStdString()}));
        const Outcome other = call({"run", model, otherSample(), "--edit", edit, "--json"});
        QVERIFY(other.json()["without_effect"].empty());
        // all that follows block 2 sees the first picture
        QVERIFY(other.json()["logits"] == call({"run", model, anySample(), "--json"}).json()["logits"]);
        const Outcome figure = call({"figure", "classes", "--model", model, "--input", otherSample(),
            "--edit", edit, "-o", path("patched.pdf")});
        QVERIFY2(figure.code == 0, qPrintable(figure.err));
    }

    void aSweepIsDrawnAndDrawnAgainFromItsRecipe()
    {
        QCOMPARE(
            call({"figure", "sweep", "--model", model, "--input", anySample(), "-o", path("s.svg")}).code, 0);
        const QByteArray drawn = contentOf(path("s.svg"));
        QVERIFY(!drawn.isEmpty() && !drawn.contains("What does"));
        QCOMPARE(call({"figure", path("s.svg"), "-o", path("again.svg")}).code, 0);
        QVERIFY(contentOf(path("again.svg")) == drawn);
    }

    void everyJsonKeyIsInTheManual_data()
    {
        QTest::addColumn<QStringList>("line");
        const QString traceFile = path("keys.h5"), weights = path("keys_w.h5");
        QTest::newRow("list") << QStringList{"list"};
        QTest::newRow("init") << QStringList{
            "init", "vit", "--set", "depth=1", "--set", "dim=12", "-o", weights};
        QTest::newRow("run") << QStringList{
            "run", model, anySample(), "--edit", "blocks.0=off", "-o", traceFile};
        QTest::newRow("info trace") << QStringList{"info", traceFile};
        QTest::newRow("info weights") << QStringList{"info", model};
        QTest::newRow("info picture") << QStringList{"info", anySample()};
        QTest::newRow("info foreign")
            << QStringList{"info", QStringLiteral(FOVEA_FIXTURES "/checkpoints/timm.safetensors")};
        QTest::newRow("figure") << QStringList{
            "figure", "matrix", "--model", model, "--input", anySample(), "-o", path("k.pdf")};
        QTest::newRow("check") << QStringList{"check", model};
        QTest::newRow("convert") << QStringList{"convert", model, path("k.h5"), "--type", "f16"};
    }

    void everyJsonKeyIsInTheManual()
    {
        QFETCH(QStringList, line);
        const QString help = call({line.first(), "--help"}).out;
        const Json json = call(line + QStringList{"--json"}).json();
        QVERIFY(json.is_object() && !json.empty());
        const QString keys = help.mid(help.indexOf("Keys of --json:"));
        for (const auto& [key, value] : json.items())
            QVERIFY2(keys.contains("\n  " + QString::fromStdString(key) + "  "), key.c_str());
    }

    void theManualIsWhatHelpSays()
    {
        const QByteArray page = contentOf(QStringLiteral(FOVEA_SOURCE_DIR "/docs/manual/command-line.md"));
        const Outcome manual = call({"--manual"});
        QVERIFY2(QString(page) == manual.out, "write it anew: fovea --manual > docs/manual/command-line.md");
        for (const char* command :
            {"info", "list", "init", "run", "figure", "check", "convert", "tour", "bench"}) {
            const Outcome help = call({command, "--help"});
            QCOMPARE(help.code, 0);
            QVERIFY(manual.out.contains(help.out) && help.out.contains("Examples:") && help.err.isEmpty());
        }
    }

    void helpFitsATerminal()
    {
        QStringList all = call({"--help"}).out.split('\n');
        QVERIFY(all.size() > 30);
        QVERIFY(all.contains("  fovea info FILE"));
        for (const char* command : {"info", "list", "init", "train", "run", "lab", "relevance", "figure",
                 "check", "convert", "tour", "bench"})
            all += call({command, "--help"}).out.split('\n');
        for (const QString& line : all) // but for examples, which are to be copied
            QVERIFY2(line.size() <= 99 || line.startsWith("  fovea "), qPrintable(line));
    }

    /// How a picture becomes an input is asked for where there is one.
    void aTensorNeedsNoPreprocessing()
    {
        const QString file = FOVEA_FIXTURES "/checkpoints/timm.safetensors";
        const Outcome tensor
            = call({"run", file, FOVEA_FIXTURES "/checkpoints/input.npy", "--set", "heads=3", "--json"});
        QVERIFY2(tensor.code == 0, qPrintable(tensor.err));
        QCOMPARE(tensor.json()["logits"].size(), std::size_t{5});
        for (const QStringList& line :
            {QStringList{"run", file, anySample()}, QStringList{"convert", file, path("asked.h5")}}) {
            const Outcome asked = call(line + QStringList{"--set", "heads=3"});
            QCOMPARE(asked.code, 1);
            QVERIFY2(asked.err.contains("say them with --set preprocess="), qPrintable(asked.err));
        }
    }

    /// The page's map and command, word for word, on a file that has these names and a width of 12.
    void thePageOnNameMapsIsTrue()
    {
        const QString page = test::contentOf(FOVEA_SOURCE_DIR "/docs/manual/name-maps.md");
        const QDir folder(path("names"));
        QVERIFY(QDir().mkpath(folder.path()));
        QFile map(folder.filePath("mine.json"));
        QVERIFY(map.open(QIODevice::WriteOnly));
        map.write(page.section("```json\n", 1).section("```", 0, 0).toUtf8());
        map.close();
        QVERIFY(QFile::copy(
            FOVEA_FIXTURES "/checkpoints/torch_encoder.safetensors", folder.filePath("theirs.safetensors")));
        QStringList words = page.section("    fovea convert ", 1).section('\n', 0, 0).split(' ');
        QVERIFY(words.contains("theirs.safetensors"));
        QProcess process;
        process.setWorkingDirectory(folder.path());
        process.start(program(), QStringList{"convert"} + words);
        QVERIFY(process.waitForFinished());
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError());
        QVERIFY(QFile::exists(folder.filePath("ours.h5")));
    }

    void theTongueOfTheShellDoesNotMatter()
    {
        QVERIFY(QFile::copy(model, path("modèle ☃.h5")));
        for (const char* locale : {"C", "POSIX", "xx_XX", "C.UTF-8"}) {
            const Outcome figure = call({"figure", "matrix", "--model", path("modèle ☃.h5"), "--input",
                                            anySample(), "-o", path("größe.pdf")},
                {{"LC_ALL", locale}, {"LANG", ""}, {"XDG_RUNTIME_DIR", ""}});
            QVERIFY2(figure.code == 0 && figure.err.isEmpty(), qPrintable(figure.err));
            QVERIFY(QFile::remove(path("größe.pdf")));
        }
    }

    void numbersHaveTheirShortestDecimals()
    {
        const QString weights = path("deit.h5");
        QCOMPARE(call({"init", "vit:deit_tiny_patch16_224", "--set", "depth=1", "-o", weights}).code, 0);
        const Outcome info = call({"info", weights});
        QVERIFY2(info.out.contains("\"mean\":[0.485,0.456,0.406],\"std\":[0.229,0.224,0.225]"),
            qPrintable(info.out.left(900)));
        const io::Hdf5File file(weights.toStdString());
        QVERIFY(file.attribute<std::string>(*file.find(""), "preprocess").find("[0.485,0.456,0.406]")
            != std::string::npos);
        const Json run = call({"run", model, anySample(), "--json"}).json();
        for (const auto& logit : run["logits"])
            QVERIFY2(logit.dump().size() <= 13, logit.dump().c_str()); // -1.23456789e-9
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
