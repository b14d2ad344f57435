// Models that drop tokens on the command line: begun from a DeiT, run, edited, drawn for several pictures.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/cli.h"

#include <QTemporaryDir>

using namespace fovea;
using namespace fovea::cli;

class TestCliTokens : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    QString path(const char* name) const { return folder_.filePath(name); }
    static QString vit() { return QStringLiteral(FOVEA_RESOURCES "/models/vit_micro_shapes.h5"); }
    static QString sample(const char* name) { return QStringLiteral(FOVEA_RESOURCES "/samples/") + name; }

    /// The cells of a CSV file below its head.
    static QList<QStringList> linesOf(const QString& path)
    {
        QFile file(path);
        QList<QStringList> lines;
        if (file.open(QIODevice::ReadOnly))
            for (const QString& line : QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts))
                lines.append(line.split(','));
        return lines.mid(1);
    }

    /// Makes a model that answers in no time.
    static QStringList small(const QString& file)
    {
        return {"init", "ia_red2:micro_shapes", "--set", "dim=32", "--set", "depth=3", "--set",
            "groups=1,1,1", "-o", file};
    }

private slots:
    void aDeitIsABeginningAndTheInterpretersAreFresh()
    {
        const Outcome made = call({"init", "ia_red2:micro_shapes", "--from", vit(), "--set",
            "start_score=0.9", "-o", path("ia.h5"), "--json"});
        QVERIFY2(made.code == 0, qPrintable(made.err));
        QCOMPARE(made.json()["fresh"].size(), std::size_t{6});
        QVERIFY(made.err.contains("groups.2.agent.qk.bias"));
        const Json whole = call({"run", vit(), sample("shapes_star_5.png"), "--json"}).json();
        const Json kept = call(
            {"run", path("ia.h5"), sample("shapes_star_5.png"), "--edit", "stages.*.keep=keep", "--json"})
                              .json();
        QVERIFY(whole["logits"].size() == 8);
        for (std::size_t i = 0; i < 8; ++i)
            QVERIFY(std::abs(whole["logits"][i].get<double>() - kept["logits"][i].get<double>()) < 1e-5);
    }

    void anotherDepthIsRefusedByItsName()
    {
        QCOMPARE(call({"init", "vit:micro_shapes", "--set", "depth=4", "-o", path("four.h5")}).code, 0);
        const Outcome made
            = call({"init", "ia_red2:micro_shapes", "--from", path("four.h5"), "-o", path("no.h5")});
        QCOMPARE(made.code, 1);
        QVERIFY2(made.err.contains("four.h5: field 'groups': expected groups that sum to depth, 4"),
            qPrintable(made.err));
        QVERIFY(!QFile::exists(path("no.h5")));
    }

    /// By themselves the blocks of an EViT are a deeper model's.
    void whatIsSetMakesAFileFit()
    {
        const Outcome made = call(
            {"init", "evit", "--from", vit(), "--set", "drop_at=1,3,4", "-o", path("evit.h5"), "--json"});
        QVERIFY2(made.code == 0, qPrintable(made.err));
        QCOMPARE(made.json()["config"]["drop_at"].get<std::string>(), std::string("1,3,4"));
        const Outcome not6 = call({"init", "evit", "--from", vit(), "-o", path("no.h5")});
        QCOMPARE(not6.code, 1);
        QVERIFY2(not6.err.contains("vit_micro_shapes.h5: field 'drop_at'"), qPrintable(not6.err));
    }

    void valuesThatCannotBeAreRefusedByTheirFields()
    {
        const auto refused = [&](const QStringList& settings, const char* said) {
            const Outcome made
                = call(QStringList{"init", "ia_red2:micro_shapes", "-o", path("no.h5")} + settings);
            QVERIFY2(made.code == 2, qPrintable(made.err));
            QVERIFY2(made.err.contains(said), qPrintable(made.err));
            QVERIFY(!QFile::exists(path("no.h5")));
        };
        for (const char* threshold : {"threshold=0", "threshold=1", "threshold=1.5", "threshold=-1"})
            refused({"--set", threshold}, "'threshold'");
        refused({"--set", "groups=2,2"}, "field 'groups': expected groups that sum to depth, 6, found 2,2");
    }

    void thatEverythingIsDroppedIsSaid()
    {
        QCOMPARE(call({"init", "ia_red2:micro_shapes", "--from", vit(), "-o", path("one.h5")}).code, 0);
        const auto run = [&](const char* edit) {
            return call({"run", path("one.h5"), sample("shapes_star_5.png"), "--edit", edit, "--json"});
        };
        const Outcome all = run("stages.*.keep=threshold:0.999"), some = run("stages.*.keep=threshold:0.001");
        QVERIFY2(all.code == 0 && all.json()["logits"].size() == 8, qPrintable(all.err));
        QVERIFY2(all.err.contains("group 0 drops every patch: the class token goes on alone"),
            qPrintable(all.err));
        QVERIFY2(some.code == 0 && !some.err.contains("drops every patch"), qPrintable(some.err));
        const Outcome beyond = run("stages.*.keep=threshold:1.5");
        QCOMPARE(beyond.code, 2);
        QVERIFY2(beyond.err.contains("expected threshold:SHARE, between 0 and 1"), qPrintable(beyond.err));
    }

    void costAgainstAccuracyIsAFigureThatItsRecipeRepeats()
    {
        QCOMPARE(call(small(path("cost.h5"))).code, 0);
        const QStringList line{"figure", "cost-accuracy", "--model", path("cost.h5"), "--data",
            "shapes:train=8,test=9", "--option", "study_count=3", "--option", "cost_thresholds=0.5,0.48"};
        const Outcome table = call(line + QStringList{"-o", path("cost.csv"), "--json"});
        QVERIFY2(table.code == 0, qPrintable(table.err));
        QCOMPARE(table.json()["files"].size(), std::size_t{7});
        QFile curve(path("cost.cost-accuracy.threshold.csv"));
        QVERIFY(curve.open(QIODevice::ReadOnly));
        const QByteArrayList rows = curve.readAll().trimmed().split('\n');
        QVERIFY2(rows.size() == 3 && rows[0].startsWith("item,setting,rival,macs,milliseconds,accuracy,"),
            rows.join('\n'));
        QVERIFY2(rows[1].contains(",0.48") && rows[2].contains(",0.5,"), rows.join('\n')); // in rising order
        const QStringList time{"--option", "cost_x=milliseconds"}; // which no second run would give again
        const Outcome drawn = call(line + time + QStringList{"-o", path("cost.svg")});
        QVERIFY2(drawn.code == 0, qPrintable(drawn.err));
        const Outcome again = call({"figure", path("cost.svg"), "-o", path("again.svg")});
        QVERIFY2(again.code == 0, qPrintable(again.err));
        QFile one(path("cost.svg")), other(path("again.svg"));
        QVERIFY(one.open(QIODevice::ReadOnly) && other.open(QIODevice::ReadOnly));
        QVERIFY(one.readAll() == other.readAll());
    }

    void costsThatCannotBeComparedAreRefusedByTheirNames()
    {
        QCOMPARE(call(small(path("few.h5"))).code, 0);
        const auto refused = [&](const QString& model, const QString& data, const QString& thresholds,
                                 int code, const QStringList& said) {
            const Outcome made
                = call({"figure", "cost-accuracy", "--model", model, "--data", data, "--option",
                    "study_count=2", "--option", "cost_thresholds=" + thresholds, "-o", path("no.pdf")});
            QVERIFY2(made.code == code, qPrintable(made.err));
            for (const QString& part : said)
                QVERIFY2(made.err.contains(part), qPrintable(made.err));
            QVERIFY(!QFile::exists(path("no.pdf")));
        };
        const QString shapes = "shapes:train=8,test=9";
        refused(vit(), shapes, "0.5", 1, {"vit_micro_shapes.h5", "has no field 'threshold'"});
        for (const char* thresholds : {"0,0.5", "0.5,1", "0.5,2", "half"})
            refused(path("few.h5"), shapes, thresholds, 2, {"field 'cost_thresholds'", thresholds});
        refused(path("few.h5"), shapes + ",size=32", "0.5", 1, {"shapes", "expected pictures [3, 64, 64]"});
        refused(path("few.h5"), "nowhere", "0.5", 1, {"nowhere"});
    }

    void aStripHasSeveralPicturesAndOtherFiguresOne()
    {
        QCOMPARE(call({"init", "ia_red2:micro_shapes", "--from", vit(), "-o", path("strip.h5")}).code, 0);
        const QStringList inputs{"--model", path("strip.h5"), "--input", sample("shapes_star_5.png"),
            "--input", sample("shapes_ring_7.png")};
        const Outcome drawn
            = call(QStringList{"figure", "token-strip", "-o", path("strip.pdf"), "--json"} + inputs);
        QVERIFY2(drawn.code == 0, qPrintable(drawn.err));
        QVERIFY(drawn.json()["recipe"].dump().find("shapes_ring_7.png") != std::string::npos);
        QVERIFY(QFileInfo(path("strip.pdf")).size() > 1000);
        const Outcome other = call(QStringList{"figure", "kept", "-o", path("kept.pdf")} + inputs);
        QCOMPARE(other.code, 2);
        QVERIFY2(other.err.contains("the figure kept shows one input"), qPrintable(other.err));
    }

    /// Half of the patches go by their contrast, which no training is needed for.
    void modelsAreComparedOverTheSamePictures()
    {
        QCOMPARE(call({"init", "ia_red2:micro_shapes", "--from", vit(), "--set", "rule=contrast", "--set",
                          "keep=0.5,0.5,0.25", "-o", path("half.h5")})
                     .code,
            0);
        const Outcome outcome = call({"cost", "whole=" + vit(), path("half.h5"), "again=" + vit(), "--data",
            "shapes", "--count", "30", "-o", path("rows.csv"), "--json"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.err));
        const Json models = outcome.json()["models"];
        QCOMPARE(models[1]["name"].get<std::string>(), std::string("half"));
        QCOMPARE(models[1]["kept"]["mean"].get<double>(), 0.25);
        QVERIFY(models[1]["macs"].get<double>() < 0.6 * models[0]["macs"].get<double>());
        QVERIFY(models[0]["kept"]["mean"].is_null());
        QVERIFY(models[1]["iou"]["mean"].get<double>() > 0 && models[1]["iou"]["mean"].get<double>() < 1);
        QCOMPARE(models[0]["speed"].get<double>(), 1.0);
        QCOMPARE(models[1]["speed"].get<double>(),
            models[0]["milliseconds"].get<double>() / models[1]["milliseconds"].get<double>());
        QCOMPARE(models[2]["gain"]["mean"].get<double>(), 0.0);
        double gain = 0;
        const auto lines = linesOf(path("rows.csv"));
        QCOMPARE(lines.size(), 30 * 3);
        for (qsizetype i = 0; i + 1 < lines.size(); i += 3) {
            QCOMPARE(lines[i][3], lines[i + 2][3]); // the same model, the same logit
            QCOMPARE(lines[i][0], lines[i + 1][0]);
            gain += (lines[i + 1][2].toDouble() - lines[i][2].toDouble()) / 30;
        }
        QVERIFY(std::abs(gain - models[1]["gain"]["mean"].get<double>()) < 1e-9);
    }

    void modelsThatCannotBeComparedAreRefused()
    {
        const Outcome same = call({"cost", vit(), vit(), "--data", "shapes"});
        QCOMPARE(same.code, 2);
        QVERIFY2(same.err.contains("two models are called 'vit_micro_shapes'"), qPrintable(same.err));
        const Outcome size = call({"cost", vit(), model, "--data", "shapes"});
        QCOMPARE(size.code, 1);
        QVERIFY2(size.err.contains("vit_micro_fashion.h5: expected inputs"), qPrintable(size.err));
        QCOMPARE(call({"cost", vit()}).code, 2);
    }
};

QTEST_GUILESS_MAIN(TestCliTokens)
#include "tst_cli_tokens.moc"
