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
};

QTEST_GUILESS_MAIN(TestCliTokens)
#include "tst_cli_tokens.moc"
