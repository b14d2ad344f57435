// `fovea figure --steps` as a person calls it: frames, a video, and what goes wrong.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/recipe.h"
#include "widgets/figure/writer.h"

#include "tests/app/cli.h"
#include "tests/support/test.h"

#include <QImage>

using namespace fovea;
using namespace fovea::cli;

class TestCliMovie : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    QString path(const QString& name) const { return folder_.filePath(name); }
    Outcome movie(const QStringList& words, const QMap<QString, QString>& environment = {}) const
    {
        return call(QStringList{"figure", "step-bars", "--model", path("run.h5")} + words, environment);
    }
    /// A program called ffmpeg that does this with its last argument, and nothing else on the PATH but the
    /// shell's.
    QMap<QString, QString> withFfmpeg(const QByteArray& body) const
    {
        QDir(folder_.path()).mkdir("bin");
        QFile file(path("bin/ffmpeg"));
        file.open(QIODevice::WriteOnly | QIODevice::Truncate);
        file.write("#!/bin/sh\nfor last; do :; done\n" + body + "\n");
        file.close();
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return {{"PATH", path("bin") + ":/usr/bin:/bin"}};
    }
    QStringList hidden() const { return QDir(folder_.path()).entryList({".*-*"}, QDir::Dirs | QDir::Hidden); }

private slots:
    void initTestCase()
    {
        QVERIFY(QDir(folder_.path()).mkdir("plugins"));
        QVERIFY(QFile::copy(FOVEA_PLUGIN_CASES "/labs.so", path("plugins/labs.so")));
        const Outcome run = call(
            {"lab", "toy_lab", "--steps", "21", "-o", path("run.h5"), "--plugin-path", path("plugins")});
        QCOMPARE(run.code, 0);
    }

    void aFolderHoldsAFrameOfEachStep()
    {
        const Outcome made = movie({"--steps", "0:20:5", "-o", path("bars"), "--json"});
        QCOMPARE(made.err, QString());
        QCOMPARE(made.code, 0);
        const QStringList frames = QDir(path("bars")).entryList(QDir::Files, QDir::Name);
        QCOMPARE(frames,
            (QStringList{
                "bars-0001.png", "bars-0002.png", "bars-0003.png", "bars-0004.png", "bars-0005.png"}));
        QCOMPARE(made.json()["files"].size(), std::size_t{5});
        QSize size;
        QList<QImage> images;
        for (int i = 0; i < 5; ++i) {
            const QString file = path("bars/") + frames[i];
            images.append(QImage(file));
            QVERIFY(i == 0 || images[i].size() == images[0].size());
            QVERIFY(i == 0 || images[i] != images[i - 1]);
            QCOMPARE(figure::readRecipe(file)->selection["step"].toInt(), 5 * i);
        }
        QCOMPARE(hidden(), QStringList());
    }

    void aStrideBeyondEveryNumberGivesOneFrame()
    {
        const Outcome made = movie({"--steps", "5:10:9223372036854775807", "-o", path("one")});
        QCOMPARE(made.err, QString());
        QCOMPARE(QDir(path("one")).entryList(QDir::Files), QStringList{"one-0001.png"});
        QCOMPARE(figure::readRecipe(path("one/one-0001.png"))->selection["step"].toInt(), 5);
    }

    /// Before the first frame is drawn.
    void aStepThatWasNotRecordedIsRefused()
    {
        QCOMPARE(call({"lab", "toy_lab", "--steps", "21", "--every", "3", "-o", path("thin.h5"),
                          "--plugin-path", path("plugins")})
                     .code,
            0);
        const auto thin = [&](const QString& steps) {
            return call(
                {"figure", "step-bars", "--model", path("thin.h5"), "--steps", steps, "-o", path("thin")});
        };
        const Outcome refused = thin("0:8:4");
        QCOMPARE(refused.code, 2);
        QVERIFY2(refused.err.contains("--steps: step 4 was not recorded"), qPrintable(refused.err));
        QVERIFY(!QFile::exists(path("thin")));
        QCOMPARE(thin("0:9:3").code, 0);
    }

    /// The recipe lists steps side by side; its movie shows one after the other.
    void aPaperFigureMoves()
    {
        const Outcome made = call({"figure", "scan-snap-fig2", "--steps", "0:12:6", "-o", path("fig2")});
        QCOMPARE(made.err, QString());
        const QStringList frames = QDir(path("fig2")).entryList(QDir::Files, QDir::Name);
        QCOMPARE(frames.size(), 3);
        const QImage first(path("fig2/") + frames[0]), second(path("fig2/") + frames[1]);
        const QRect body(0, 0, first.width(), first.height() * 3 / 4); // without the caption, which counts
        QVERIFY(first.copy(body) != second.copy(body));
        QCOMPARE(figure::readRecipe(path("fig2/") + frames[2])->settings["map_steps"].toString(), QString());
    }

    void aVideoIsMadeByFfmpeg()
    {
        const auto counts = withFfmpeg("ls \"$(dirname \"$last\")\" | grep -c png > \"$last\"");
        const Outcome made = movie({"--steps", ":20:2", "-o", path("bars.mp4")}, counts);
        QCOMPARE(made.err, QString());
        QFile file(path("bars.mp4"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll().trimmed(), QByteArray("11"));
        QCOMPARE(hidden(), QStringList());
    }

    void aFailureLeavesNothing()
    {
        const Outcome failed = movie({"--steps", "0:4:2", "-o", path("half.mp4")},
            withFfmpeg("echo half > \"$last\"; echo no codec >&2; exit 1"));
        QCOMPARE(failed.code, 1);
        QVERIFY2(failed.err.contains("half.mp4") && failed.err.contains("no codec"), qPrintable(failed.err));
        QVERIFY(!QFile::exists(path("half.mp4")));
        const Outcome without
            = movie({"--steps", "0:4:2", "-o", path("half.mp4")}, {{"PATH", path("plugins")}});
        QCOMPARE(without.code, 1);
        QVERIFY2(without.err.contains("ffmpeg, which is not on the PATH"), qPrintable(without.err));
        QVERIFY(!QFile::exists(path("half.mp4")));
        const Outcome full = movie({"--steps", "0:4:2", "-o", path("plugins")});
        QCOMPARE(full.code, 1);
        QVERIFY2(full.err.contains("not empty"), qPrintable(full.err));
        QCOMPARE(QDir(path("plugins")).entryList(QDir::Files), QStringList{"labs.so"});
        QCOMPARE(hidden(), QStringList());
    }

    void wrongUsageIsRefused_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("said");
        const QString out = path("refused");
        QTest::newRow("turned round") << QStringList{"--steps", "5:1", "-o", out} << "FROM:TO:EVERY";
        QTest::newRow("too far") << QStringList{"--steps", "0:21", "-o", out} << "0 to 20";
        QTest::newRow("no stride") << QStringList{"--steps", "0:20:0", "-o", out} << "'0:20:0'";
        QTest::newRow("before the first") << QStringList{"--steps", "-1:5", "-o", out} << "'-1:5'";
        QTest::newRow("one") << QStringList{"--steps", "7", "-o", out} << "--steps";
        QTest::newRow("no output") << QStringList{"--steps", "0:4"} << "-o FOLDER";
        QTest::newRow("rate alone") << QStringList{"--rate", "10", "-o", out + ".pdf"} << "--rate";
    }
    void wrongUsageIsRefused()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, said);
        const Outcome refused = movie(words);
        QCOMPARE(refused.code, 2);
        QVERIFY2(refused.err.contains(said), qPrintable(refused.err));
        QVERIFY(!QFile::exists(path("refused")));
    }

    /// Who wrote the line is told of it, not the recipe's author, and before the lab runs.
    void wrongUsageOfARecipeIsTheLines()
    {
        for (const char* steps : {"5:1", "0:900"}) {
            const Outcome refused
                = call({"figure", "scan-snap-fig2", "--steps", steps, "-o", path("refused")});
            QCOMPARE(refused.code, 2);
            QVERIFY2(refused.err.contains("--steps: expected FROM:TO:EVERY"), qPrintable(refused.err));
            QVERIFY(!QFile::exists(path("refused")));
        }
        QCOMPARE(hidden(), QStringList());
    }
};

QTEST_MAIN(TestCliMovie)
#include "tst_cli_movie.moc"
