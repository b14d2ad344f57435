// `fovea train` as a person calls it: a result, a stop, a kill, a full disk, and what it refuses.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/cli_training.h"
#include "tests/support/test.h"

#include <cmath>

using namespace fovea;
using namespace fovea::cli;
using test::contentOf;

namespace {

void write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}

}

class TestCliTrain : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    QString path(const char* name) const { return folder_.filePath(name); }

private slots:
    void aTrainedModelCanBeChecked()
    {
        const Outcome trained = call(tiny(path("a.h5"), {"--epochs", "2", "--store", "f16", "--json"}));
        QVERIFY2(trained.code == 0, qPrintable(trained.err));
        QCOMPARE(trained.err.count("test accuracy"), 2);
        const Json json = trained.json();
        QCOMPARE(json["steps"].get<int>(), 24);
        QCOMPARE(json["epochs"].size(), std::size_t{2});
        QCOMPARE(json["config"]["classes"].get<int>(), 8); // as the data says
        QCOMPARE(json["config"]["image_size"].get<int>(), 16);
        QCOMPARE(json["test"]["count"].get<int>(), 40);
        QVERIFY(json["test"]["low"].get<double>() < json["test"]["accuracy"].get<double>());
        QVERIFY(!QFile::exists(path("a.checkpoint.h5")));
        const Outcome check = call({"check", path("a.h5"), "--json"});
        QVERIFY2(check.code == 0, qPrintable(check.err));
        QVERIFY(check.json()["parity"]["rows"].size() > 2);
        const Json info = call({"info", path("a.h5"), "--json"}).json();
        QCOMPARE(info["training"]["seed"].get<int>(), 3);
        QCOMPARE(info["labels"].size(), std::size_t{8});
        QCOMPARE(QString::fromStdString(info["training"]["command"].get<std::string>()),
            "fovea train vit --data shapes:size=16,train=96,test=40 --set patch_size=4 --set dim=24 --set "
            "depth=2 "
            "--set heads=3 --seed 3 --epochs 2 --batch 8 --store f16");
        QVERIFY(info["training"]["test"]["right"] == json["test"]["right"]);
    }

    void theSameLineGivesTheSameBytes()
    {
        const QStringList more{"--steps", "9", "--augment", "pad=2,flip,erase=0.5"};
        QCOMPARE(call(tiny(path("one.h5"), more + QStringList{"--threads", "1"})).code, 0);
        QCOMPARE(call(tiny(path("two.h5"), more + QStringList{"--threads", "2"})).code, 0);
        QVERIFY(contentOf(path("one.h5")).size() > 1000);
        QCOMPARE(contentOf(path("one.h5")), contentOf(path("two.h5")));
    }

    void aKilledTrainingGoesOnToTheSameBytes()
    {
        const QStringList more{"--epochs", "8", "--checkpoint-every", "5"};
        QCOMPARE(call(tiny(path("whole.h5"), more)).code, 0);
        const QString checkpoint = path("killed.checkpoint.h5");
        QCOMPARE(codeAfterSignal(tiny(path("killed.h5"), more), checkpoint, SIGKILL), -2);
        QVERIFY(QFile::exists(checkpoint) && !QFile::exists(path("killed.h5")));
        const Outcome info = call({"info", checkpoint, "--json"});
        QVERIFY2(info.code == 0, qPrintable(info.err));
        const int step = info.json()["training"]["step"].get<int>();
        QVERIFY(step > 0 && step < 96 && step % 5 == 0);
        const Outcome rest = call(tiny(path("killed.h5"), more));
        QVERIFY2(rest.code == 0, qPrintable(rest.err));
        QVERIFY2(rest.err.contains(QString("goes on after step %1 of 96").arg(step)), qPrintable(rest.err));
        QCOMPARE(contentOf(path("killed.h5")), contentOf(path("whole.h5")));
        QVERIFY(!QFile::exists(checkpoint));
    }

    void ctrlCKeepsWhatWasDone()
    {
        const QStringList more{"--epochs", "200", "--checkpoint-every", "3"};
        const QString checkpoint = path("stopped.checkpoint.h5");
        QCOMPARE(codeAfterSignal(tiny(path("stopped.h5"), more), checkpoint, SIGINT), 130);
        QVERIFY(QFile::exists(checkpoint) && !QFile::exists(path("stopped.h5")));
        const Outcome other = call(tiny(path("stopped.h5"), {"--epochs", "100"}));
        QCOMPARE(other.code, 1);
        QVERIFY2(
            other.err.contains("stopped.checkpoint.h5: field 'epochs': 200 in this checkpoint, 100 here; "
                               "--restart begins anew"),
            qPrintable(other.err));
        QCOMPARE(call(tiny(path("stopped.h5"), {"--steps", "2", "--restart"})).code, 0);
        QVERIFY(QFile::exists(path("stopped.h5")));
    }

    // CIFAR-10's records: a label, 3 x 32 x 32 values
    void changedDataAreNotGoneOnWith()
    {
        QByteArray records;
        for (int i = 0; i < 40; ++i)
            records += static_cast<char>(i % 10) + QByteArray(3072, static_cast<char>(5 * i));
        QVERIFY(QDir(folder_.path()).mkdir("set"));
        const QString batch = path("set/data_batch_1.bin");
        write(batch, records);
        const auto line = [&](const char* data) {
            return QStringList{"train", "mlp", "--data", folder_.path() + data, "--set", "hidden=8",
                "--batch", "4", "--epochs", "60", "--checkpoint-every", "1", "-o", path("c.h5")};
        };
        QCOMPARE(codeAfterSignal(line("/set"), path("c.checkpoint.h5"), SIGINT), 130);
        QByteArray relabelled = records;
        relabelled[3073 * 17] = 6;
        write(batch, relabelled);
        const Outcome refused = call(line("/set"));
        QCOMPARE(refused.code, 1);
        QVERIFY2(
            refused.err.contains("c.checkpoint.h5: the data, '" + path("set") + "', are no longer those"),
            qPrintable(refused.err));
        write(batch, records);
        const Outcome rest = call(line("/./set")); // the same place
        QVERIFY2(rest.code == 0 && rest.err.contains("goes on after step"), qPrintable(rest.err));
    }

    void aDivergedTrainingSaysTheWayOn()
    {
        const QStringList wild{"--optimizer", "sgd", "--lr", "1000", "--clip", "0", "--momentum", "0.99",
            "--warmup", "40", "--epochs", "40"};
        const Outcome diverged = call(tiny(path("nan.h5"), wild));
        QCOMPARE(diverged.code, 1);
        const QString checkpoint = path("nan.checkpoint.h5");
        QVERIFY2(diverged.err.contains("not finite")
                && diverged.err.contains("another --lr, another -o and --init " + checkpoint),
            qPrintable(diverged.err));
        const QStringList on{"train", "vit", "--data", "shapes:size=16,train=96,test=40", "--init",
            checkpoint, "--steps", "1", "--lr", "1e-6", "-o"};
        const Outcome next = call(on + QStringList{path("on.h5")});
        QVERIFY2(next.code == 0, qPrintable(next.err));
        QCOMPARE(call(on + QStringList{path("nan.h5"), "--restart"}).code, 2); // it would be lost
    }

    // a limit on the size of files stands for a disk that is full
    void aFullDiskLeavesTheOldCheckpoint()
    {
        const QStringList more{"--epochs", "4", "--checkpoint-every", "1"};
        const QString checkpoint = path("full.checkpoint.h5");
        QCOMPARE(codeAfterSignal(tiny(path("full.h5"), more), checkpoint, SIGINT), 130);
        const QByteArray before = contentOf(checkpoint);
        QVERIFY(before.size() > 8192);
        QProcess limited;
        limited.start("sh",
            QStringList{"-c", "ulimit -f 4; exec \"$0\" \"$@\"", program()} + tiny(path("full.h5"), more));
        QVERIFY(limited.waitForFinished(60000));
        const QString err = limited.readAllStandardError();
        QCOMPARE(limited.exitCode(), 1);
        QVERIFY2(err.contains("full.checkpoint.h5: cannot be written: File too large"), qPrintable(err));
        QCOMPARE(contentOf(checkpoint), before);
        QCOMPARE(QDir(folder_.path()).entryList({".full*"}, QDir::Files | QDir::Hidden), QStringList());
    }

    void wrongUsageIsTwoAndBadDataOne_data()
    {
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("message");
        QTest::newRow("optimizer") << QStringList{"--optimizer", "adan"} << 2 << "adamw, adam, sgd";
        QTest::newRow("schedule") << QStringList{"--schedule", "linear"} << 2 << "cosine, constant";
        QTest::newRow("number") << QStringList{"--lr", "fast"} << 2 << "--lr: field 'lr': expected a number";
        QTest::newRow("range") << QStringList{"--label-smoothing", "1.5"} << 2 << "0.0 to 0.99";
        QTest::newRow("augment") << QStringList{"--augment", "spin"} << 2 << "found 'spin'";
        QTest::newRow("both") << QStringList{"--epochs", "1", "--steps", "1"} << 2 << "found both";
        QTest::newRow("store") << QStringList{"--store", "i8"} << 2 << "f32, f16 or bf16";
        QTest::newRow("field") << QStringList{"--set", "dimm=3"} << 2 << "'dimm'";
        QTest::newRow("heads") << QStringList{"--set", "dim=25"} << 2 << "--set: field 'heads'";
        QTest::newRow("classes") << QStringList{"--set", "classes=5"} << 1 << "field 'classes': expected 8";
        QTest::newRow("size") << QStringList{"--set", "image_size=32"} << 1
                              << "field 'image_size': expected 16";
        QTest::newRow("folder") << QStringList{"-o", "/nowhere/w.h5"} << 1
                                << "/nowhere/w.h5: cannot be written";
        QTest::newRow("twice") << QStringList{"--seed", "4"} << 2 << "expected once";
        QTest::newRow("no teacher") << QStringList{"--temperature", "2"} << 2
                                    << "--temperature: expected with --teacher";
        QTest::newRow("teacher's share")
            << QStringList{"--teacher", "x.h5", "--teacher-share", "2"} << 2 << "0.0 to 1.0";
        QTest::newRow("lost teacher") << QStringList{"--teacher", path("none.h5")} << 1 << "none.h5";
        // no architecture that ships takes them
        write(path("series.csv"), "a,b\n" + QByteArray("1,2\n3,5\n").repeated(500));
        write(path("words.txt"), QByteArray("many a word ").repeated(500));
        QTest::newRow("series") << QStringList{"--data", path("series.csv")} << 1
                                << "data set 'series': a sample is [96, 2], and the architecture 'vit' takes";
        QTest::newRow("text") << QStringList{"--data", path("words.txt")} << 1
                              << "data set 'words': a sample is [64], and the architecture 'vit' takes";
    }
    void wrongUsageIsTwoAndBadDataOne()
    {
        QFETCH(const QStringList, more);
        QFETCH(const int, code);
        QFETCH(const QString, message);
        const Outcome outcome = call(tiny(path("wrong.h5"), more));
        QVERIFY2(outcome.err.contains(message), qPrintable(outcome.err));
        QCOMPARE(outcome.code, code);
        QCOMPARE(QDir(folder_.path()).entryList({"*wrong*"}, QDir::Files | QDir::Hidden), QStringList());
    }

    // with an architecture of a plugin, since none that ships takes one
    void aSeriesIsTrainedAndHasNoAccuracy()
    {
        QVERIFY(QDir(folder_.path()).mkdir("plugins"));
        QVERIFY(QFile::copy(FOVEA_PLUGIN_CASES "/series.so", path("plugins/series.so")));
        QByteArray rows = "a,b\n";
        for (int i = 0; i < 200; ++i)
            rows
                += QByteArray::number(std::sin(0.3 * i)) + ',' + QByteArray::number(std::cos(0.3 * i)) + '\n';
        write(path("waves.csv"), rows);
        const QStringList plugins{"--plugin-path", path("plugins")};
        const QString data = path("waves.csv") + ":length=6,horizon=2";
        const QStringList line
            = QStringList{"train", "toy_series", "--data", data, "--batch", "16", "--lr", "0.05"} + plugins;
        const Outcome trained = call(line + QStringList{"--epochs", "30", "-o", path("waves.h5")});
        QVERIFY2(trained.code == 0, qPrintable(trained.err));
        QVERIFY2(trained.out.contains("steps, test loss 0.0"), qPrintable(trained.out)); // foretold
        QVERIFY2(trained.err.contains("epoch 1, step 9: loss "), qPrintable(trained.err));
        QVERIFY(!trained.err.contains("accuracy") && !trained.out.contains("accuracy"));
        const Json about
            = call(QStringList{"info", path("waves.h5"), "--json"} + plugins).json()["training"]["test"];
        QVERIFY(about.contains("loss") && !about.contains("accuracy"));
        const Outcome wrong = call(line + QStringList{"--set", "horizon=3", "-o", path("w.h5")});
        QCOMPARE(wrong.code, 1);
        QVERIFY2(
            wrong.err.contains("is [16, 3, 2], and the data set asks for [16, 2, 2]"), qPrintable(wrong.err));
        const Outcome lab = call(QStringList{"lab", "train", "--set", "architecture=toy_series", "--set",
                                     "model=length=6", "--set", "data=" + data, "--steps", "3", "--json"}
            + plugins);
        QVERIFY2(lab.code == 0, qPrintable(lab.err));
        const Json last = lab.json()["last"];
        QVERIFY(last.contains("test.loss") && !last.contains("test.accuracy") && !last.contains("accuracy"));
    }

    void whatIsMissingIsAskedFor()
    {
        QCOMPARE(call({"train", "vit", "-o", path("x.h5")}).code, 2);
        QCOMPARE(call({"train", "vit", "--data", "shapes"}).code, 2);
        QCOMPARE(call({"train", "vitt", "--data", "shapes", "-o", path("x.h5")}).code, 2);
        const Outcome nowhere = call({"train", "vit:micro", "--data", path("none"), "-o", path("x.h5")});
        QCOMPARE(nowhere.code, 1);
        QVERIFY2(nowhere.err.contains("none"), qPrintable(nowhere.err));
    }
};

QTEST_GUILESS_MAIN(TestCliTrain)
#include "tst_cli_train.moc"
