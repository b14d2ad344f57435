// The command line as a person types it: results on stdout, messages on stderr, exit codes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plugin_host.h"

#include "core/io/weights_file.h"

#include "tests/support/test.h"

#include <QBuffer>
#include <QDir>
#include <QElapsedTimer>
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>

#include <nlohmann/json.hpp>

#include <csignal>

using namespace fovea;
using Json = nlohmann::json;

namespace {

struct Outcome {
    int code = -1;
    QString out, err;
    Json json() const { return Json::parse(out.toStdString(), nullptr, false); }
};

const QString model = QStringLiteral(FOVEA_RESOURCES "/models/vit_micro_fashion.h5");

QString anySample()
{
    const QDir samples(QStringLiteral(FOVEA_RESOURCES "/samples"));
    return samples.filePath(samples.entryList({"*.png"}, QDir::Files, QDir::Name).value(0));
}

}

class TestCli : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    QString path(const char* name) const { return folder_.filePath(name); }

    Outcome fovea(const QStringList& arguments) const
    {
        QProcess process;
        process.start(qEnvironmentVariable("FOVEA_BIN") + "/fovea", arguments);
        if (!process.waitForFinished(120000))
            return {};
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2,
            process.readAllStandardOutput(), process.readAllStandardError()};
    }

private slots:
    void listNamesArchitecturesAndSamples()
    {
        const Outcome list = fovea({"list", "--json"});
        QCOMPARE(list.code, 0);
        const Json json = list.json();
        QVERIFY(json["architectures"][0]["id"] == "vit");
        QVERIFY(json["architectures"][0]["presets"].size() >= 10);
        QVERIFY(json["failed_plugins"].empty());
        QVERIFY(!json["models"].empty() && !json["samples"].empty());
    }

    void infoSaysWhatTheModelIs()
    {
        const Outcome info = fovea({"info", model, "--json"});
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
            return fovea(QStringList{"init", "vit", "-o", path(name), "--seed", seed} + tiny).code;
        };
        QCOMPARE(init("a.h5", "3"), 0);
        QCOMPARE(init("b.h5", "3"), 0);
        QCOMPARE(init("c.h5", "4"), 0);
        const auto bytes = [&](const char* name) {
            QFile file(path(name));
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        QVERIFY(!bytes("a.h5").isEmpty());
        QVERIFY(bytes("a.h5") == bytes("b.h5"));
        QVERIFY(bytes("a.h5") != bytes("c.h5"));
    }

    void runWritesATraceThatInfoReads()
    {
        const Outcome run
            = fovea({"run", model, anySample(), "-o", path("t.h5"), "--method", "rollout", "--json"});
        QCOMPARE(run.code, 0);
        QCOMPARE(run.json()["top"].size(), std::size_t{5});
        const Outcome info = fovea({"info", path("t.h5"), "--json"});
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
        const Outcome run
            = fovea({"run", model, anySample(), "--edit", "blocks.3.attn.head.1=off", "--json"});
        QCOMPARE(run.code, 0);
        QVERIFY(run.json()["effect"]["kl"].get<double>() > 0);
        QVERIFY(run.json()["without_effect"].empty());
        const Outcome idle
            = fovea({"run", model, anySample(), "--edit", "blocks.3.attn.head.1=scale:1", "--json"});
        QCOMPARE(idle.code, 0);
        QCOMPARE(idle.json()["without_effect"].size(), std::size_t{1});
        QCOMPARE(idle.json()["effect"]["kl"].get<double>(), 0.0);
    }

    void checkFindsTheModelAtParity()
    {
        const Outcome check = fovea({"check", model, "--json"});
        QCOMPARE(check.code, 0);
        QVERIFY(check.json()["parity"]["worst"].get<double>() < 1e-4);
    }

    void anotherSizeIsAsked()
    {
        const Outcome run
            = fovea({"run", model, anySample(), "--set", "image_size=48", "-o", path("48.h5"), "--json"});
        QCOMPARE(run.code, 0);
        QVERIFY(run.json()["logits"] != fovea({"run", model, anySample(), "--json"}).json()["logits"]);
        const Json info = fovea({"info", path("48.h5"), "--json"}).json();
        const auto isStream = [](const Json& record) { return record["path"] == "blocks.0.out"; };
        QVERIFY((*std::ranges::find_if(info["records"], isStream))["shape"][0] == 1 + 12 * 12);
    }

    void wrongUsageIsTwo_data()
    {
        QTest::addColumn<QStringList>("line");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown option") << QStringList{"run", model, anySample(), "--nonsense"} << "nonsense";
        QTest::newRow("no input") << QStringList{"run", model} << "expected";
        QTest::newRow("edit of nothing")
            << QStringList{"run", model, anySample(), "--edit", "blocks.99.attn=off"} << "blocks.99";
        QTest::newRow("unknown verb")
            << QStringList{"run", model, anySample(), "--edit", "blocks.0=twist"} << "twist";
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
        QTest::newRow("no such setting")
            << QStringList{"figure", "matrix", "--model", model, "--input", anySample(), "--option", "x=6"}
            << "'x'";
        QTest::newRow("no output") << QStringList{"init", "vit"} << "-o";
    }

    void wrongUsageIsTwo()
    {
        QFETCH(QStringList, line);
        QFETCH(QString, says);
        const Outcome outcome = fovea(line);
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains(says), qPrintable(outcome.err));
        QVERIFY(outcome.out.isEmpty());
    }

    void badDataIsOneAndNamesTheFile_data()
    {
        QTest::addColumn<QStringList>("line");
        QTest::addColumn<QString>("says");
        QTest::newRow("no such model") << QStringList{"info", path("missing.h5")} << "missing.h5";
        QTest::newRow("no such preset")
            << QStringList{"init", "vit:deit_huge", "-o", path("x.h5")} << "deit_huge";
        QTest::newRow("field out of range")
            << QStringList{"init", "vit", "--set", "depth=-1", "-o", path("x.h5")} << "depth";
        QTest::newRow("cut off") << QStringList{"run", path("cut.h5"), anySample()} << "cut.h5";
        QTest::newRow("text as model") << QStringList{"run", path("text.h5"), anySample()} << "text.h5";
        QTest::newRow("text as picture") << QStringList{"run", model, path("text.png")} << "text.png";
        QTest::newRow("one pixel") << QStringList{"run", model, path("one.png")} << "1 x 1";
        QTest::newRow("NaN weight") << QStringList{"run", path("nan.h5"), anySample()}
                                    << "nan.h5: tensor 'head.bias': expected finite";
        QTest::newRow("extra tensor")
            << QStringList{"run", path("extra.h5"), anySample()} << "extra.h5: tensor 'spare'";
        QTest::newRow("cut off picture") << QStringList{"run", model, path("cut.jpg")} << "cut.jpg";
        QTest::newRow("field that does not fit the tensors")
            << QStringList{"run", model, anySample(), "--set", "dim=48"} << "vit_micro_fashion.h5: tensor";
        QTest::newRow("unknown field") << QStringList{"run", model, anySample(), "--set", "x=1"} << "'x'";
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
        QVERIFY(write("cut.h5", whole.read(5000)) && write("text.h5", "hello") && write("text.png", "hello"));
        QVERIFY(QImage(1, 1, QImage::Format_RGB888).save(path("one.png")));
        const auto changed = [&](const char* name, const char* tensor, float value) {
            const io::Hdf5File file(model.toStdString());
            Registry registry;
            app::loadPlugins(registry, {qEnvironmentVariable("FOVEA_BIN").toStdString() + "/plugins"});
            Weights::Parts parts = io::readWeights(file, registry).weights->parts();
            const Tensor* old = parts.parameters.find(tensor);
            Tensor other = old ? old->clone() : Tensor(Shape{3});
            other.writable()[0] = value;
            parts.parameters.set(tensor, other);
            io::writeWeights(path(name).toStdString(), Weights(std::move(parts)));
        };
        changed("nan.h5", "head.bias", NAN);
        changed("extra.h5", "spare", 1);
        QBuffer jpeg;
        QVERIFY(jpeg.open(QIODevice::WriteOnly) && QImage(40, 40, QImage::Format_RGB888).save(&jpeg, "JPG"));
        QVERIFY(write("cut.jpg", jpeg.data().chopped(40)));
        QImage deep(40, 40, QImage::Format_RGBX64);
        deep.fill(Qt::gray);
        QVERIFY(deep.save(path("deep.png")));

        QFETCH(QStringList, line);
        QFETCH(QString, says);
        const QStringList before = QDir(folder_.path()).entryList(QDir::Files);
        const Outcome outcome = fovea(line);
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.err.contains(says), qPrintable(outcome.err));
        QCOMPARE(QDir(folder_.path()).entryList(QDir::Files), before); // nothing half-written
    }

    void ctrlCStopsWithinATenthOfASecond()
    {
        QCOMPARE(fovea({"init", "vit:deit_base_patch16_224", "-o", path("base.h5")}).code, 0);
        QProcess process;
        process.start(qEnvironmentVariable("FOVEA_BIN") + "/fovea",
            {"run", path("base.h5"), anySample(), "-o", path("base_trace.h5")});
        QVERIFY(process.waitForStarted());
        QTest::qWait(1500); // somewhere in the midst of it, wherever that is
        if (process.state() == QProcess::NotRunning)
            QSKIP("the run was over before it could be stopped");
        QElapsedTimer timer;
        timer.start();
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(10000));
        qInfo("stopped after %lld ms", timer.elapsed());
        QVERIFY(timer.elapsed() < 1000); // the tenth of a second is measured in tests/bench
        QVERIFY(!QFile::exists(path("base_trace.h5")));
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
