// `fovea lab` as a person calls it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/trace_segments.h"
#include "core/source/execute.h"
#include "core/source/recording.h"

#include "tests/app/cli.h"
#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

#include <QElapsedTimer>

#include <csignal>

using namespace fovea;
using namespace fovea::cli;

class TestCliLab : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    QString path(const char* name) const { return folder_.filePath(name); }
    /// With the toy labs beside the program's own.
    Outcome lab(QStringList words) const
    {
        words.prepend("lab");
        return call(words + QStringList{"--plugin-path", path("plugins")});
    }

private slots:
    void initTestCase()
    {
        QVERIFY(QDir(folder_.path()).mkdir("plugins"));
        QVERIFY(QFile::copy(FOVEA_PLUGIN_CASES "/labs.so", path("plugins/labs.so")));
    }

    void theTraceIsTheLabs()
    {
        const Outcome run = lab({"toy_lab", "--set", "rate=0.2", "--set", "noise=0.1", "--seed", "3",
            "--steps", "18", "--every", "5", "-o", path("run.h5"), "--json"});
        QCOMPARE(run.err, QString());
        QCOMPARE(run.code, 0);
        QCOMPARE(run.json()["recorded"].get<int>(), 5); // 0, 5, 10, 15 and the last
        QCOMPARE(run.json()["config"]["rate"].get<double>(), 0.2);
        const Lab& toy = *toys::toys().lab("toy_lab");
        Config config(toy.schema());
        config.set("rate", 0.2);
        config.set("noise", 0.1);
        ExecuteOptions options;
        options.seed = 3;
        const TracePtr expected = executeLab(toy, config, 18, 1, options),
                       found = io::readSegments(path("run.h5").toStdString());
        QCOMPARE(found->steps.size(), std::size_t{5});
        for (const StepPtr& step : found->steps)
            QVERIFY(step->find("x")->value.identical(
                expected->find("x", static_cast<std::size_t>(step->step()))->value));
        QCOMPARE(found->steps.back()->step(), Index{17});
        QCOMPARE(run.json()["last"]["loss"].get<double>(), expected->find("loss", 17)->value.toDoubles()[0]);
        const Outcome info = call({"info", path("run.h5"), "--json"});
        QCOMPARE(info.code, 0);
        QCOMPARE(info.json()["steps"].get<int>(), 5);
        QCOMPARE(info.json()["source"].get<std::string>(), std::string("toy_lab"));
        QCOMPARE(lab({"toy_lab", "--steps", "3"}).out.trimmed().left(5), QString("loss "));
    }

    void wrongUsageIsRefused_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("said");
        QTest::newRow("lab") << QStringList{"toy_lob"} << "toy_lab";
        QTest::newRow("none") << QStringList{} << "id of a lab";
        QTest::newRow("field") << QStringList{"toy_lab", "--set", "rat=1"} << "'rat'";
        QTest::newRow("range") << QStringList{"toy_lab", "--set", "rate=7"} << "'rate': expected 0.0 to 1.0";
        QTest::newRow("steps") << QStringList{"toy_lab", "--steps", "0"} << "--steps";
        QTest::newRow("every") << QStringList{"toy_lab", "--every", "x"} << "--every";
        QTest::newRow("probe") << QStringList{"toy_lab", "--probe", "lss"} << "'lss' names no signal";
    }
    void wrongUsageIsRefused()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, said);
        const Outcome run = lab(words + QStringList{"-o", path("refused.h5")});
        QVERIFY2(run.err.contains(said), qPrintable(run.err));
        QCOMPARE(run.code, 2);
        QVERIFY(!QFile::exists(path("refused.h5")));
    }

    void theoryIsToldWithoutARun()
    {
        const Outcome told = lab({"toy_lab", "--theory", "--set", "rate=0.2", "--json"});
        QCOMPARE(told.code, 0);
        const Lab& toy = *toys::toys().lab("toy_lab");
        Config config(toy.schema());
        config.set("rate", 0.2);
        const auto row = told.json()["theory"][0];
        QCOMPARE(row["path"].get<std::string>(), std::string("loss"));
        QCOMPARE(row["axes"][0]["name"].get<std::string>(), std::string("step"));
        QVERIFY(row["values"].get<std::vector<double>>() == toy.theory(config).front().value.toDoubles());

        const Outcome text = lab({"scan_snap", "--theory"});
        QVERIFY2(text.out.contains("t0', scanning ends: 0.7") && text.out.contains("one query: 0"),
            qPrintable(text.out));
        const Outcome none = lab({"train", "--theory"});
        QVERIFY(none.out.contains("no theory"));
        for (const QStringList& words : {QStringList{"--steps", "3"}, QStringList{"-o", path("theory.h5")}}) {
            const Outcome refused = lab(QStringList{"toy_lab", "--theory"} + words);
            QCOMPARE(refused.code, 2);
            QVERIFY2(refused.err.contains("makes no run"), qPrintable(refused.err));
        }
        QVERIFY(!QFile::exists(path("theory.h5")));
    }

    void badDataAreNamed()
    {
        const Outcome run = lab({"train", "--set", "data=/nowhere", "-o", path("bad.h5")});
        QVERIFY2(run.err.contains("/nowhere"), qPrintable(run.err));
        QCOMPARE(run.code, 1);
        const Outcome missing = lab({"toy_lab", "--steps", "3", "-o", "/nowhere/run.h5"});
        QVERIFY2(missing.err.contains("/nowhere/run.h5"), qPrintable(missing.err));
        QCOMPARE(missing.code, 1);
    }

    // Each step multiplies the parameters by 1 - rate * decay, so that they overflow after a dozen.
    void aStepThatFailsCostsNoneOfThoseBeforeIt()
    {
        const Outcome run = lab({"train", "--set", "architecture=mlp", "--set", "model=hidden=12", "--set",
            "data=shapes:size=16", "--set", "batch=4", "--set", "lr=1000", "--set", "weight_decay=1", "--set",
            "optimizer=sgd", "--set", "clip=0", "--set", "warmup=0", "--set", "test_samples=0", "--steps",
            "2000", "-o", path("diverged.h5")});
        QCOMPARE(run.code, 1);
        QVERIFY2(run.err.contains("not finite") && run.err.contains("recorded steps before it are in")
                && run.err.contains("diverged.h5"),
            qPrintable(run.err));
        const TracePtr found = io::readSegments(path("diverged.h5").toStdString());
        const Index steps = found->steps.back()->step() + 1;
        QCOMPARE(found->steps.size(), static_cast<std::size_t>(steps)); // every one, from 0 on
        QVERIFY2(run.err.contains(QString("the %1 recorded steps").arg(steps)), qPrintable(run.err));
        QVERIFY2(
            run.err.contains(QString("at step %1:").arg(steps + 1)), qPrintable(run.err)); // counted from 1
    }

    void aShorterRunTakesTheOldSegmentsAway_data()
    {
        QTest::addColumn<QString>("seed");
        QTest::newRow("the same run") << "1";
        QTest::newRow("another run") << "2";
    }
    void aShorterRunTakesTheOldSegmentsAway()
    {
        QFETCH(QString, seed);
        const Lab& toy = *toys::toys().lab("toy_lab");
        LabRunPtr old = startRun(toy, Config(toy.schema()), 1);
        for (const char* name : {"again.h5", "again.2.h5", "again.3.h5"}) {
            LabWalk walk(old, {});
            for (int i = 0; i < 10; ++i)
                walk.step();
            io::writeTrace(path(name).toStdString(), *walk.run()->trace);
            old = withoutSteps(*walk.run());
        }
        QCOMPARE(io::readSegments(path("again.h5").toStdString())->steps.size(), std::size_t{30});
        const Outcome run = lab({"toy_lab", "--seed", seed, "--steps", "5", "-o", path("again.h5")});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        QCOMPARE(io::readSegments(path("again.h5").toStdString())->steps.size(), std::size_t{5});
        QVERIFY(!QFile::exists(path("again.2.h5")) && !QFile::exists(path("again.3.h5")));
    }

    void ctrlCKeepsWhatWasRecorded()
    {
        QProcess process;
        process.start(program(),
            {"lab", "toy_training", "--steps", "100000000", "--plugin-path", path("plugins"), "--every",
                "100", "-o", path("stopped.h5")});
        QVERIFY(process.waitForStarted());
        QVERIFY(!process.waitForFinished(1500)); // it runs
        QElapsedTimer timer;
        timer.start();
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(10000));
        qInfo("stopped after %lld ms", timer.elapsed());
        QVERIFY(timer.elapsed() < 5000); // the tenth of a second of a stop is measured in tests/bench
        QCOMPARE(process.exitCode(), 130);
        const TracePtr found = io::readSegments(path("stopped.h5").toStdString());
        QVERIFY(!found->steps.empty());
        for (std::size_t i = 0; i < found->steps.size(); ++i)
            QCOMPARE(found->steps[i]->step(), static_cast<Index>(100 * i));
        const QString err = process.readAllStandardError();
        QVERIFY2(err.contains(QString("the %1 recorded steps before it are in %2")
                                  .arg(found->steps.size())
                                  .arg(path("stopped.h5"))),
            qPrintable(err));
    }
};

QTEST_GUILESS_MAIN(TestCliLab)
#include "tst_cli_lab.moc"
