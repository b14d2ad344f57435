// Wrong usage of the command line: exit code 2, a message that says what there is instead.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/cli.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::cli;
using test::contentOf;

class TestCliUsage : public QObject {
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

    void aTraceTakesNoOtherInput()
    {
        const QString trace = path("own.h5"), other = path("other.png");
        QCOMPARE(call({"run", model, anySample(), "-o", trace}).code, 0);
        QImage(64, 64, QImage::Format_RGB888).save(other);
        const auto figure = [&](const QString& input) {
            return call({"figure", "overlay", "--model", trace, "--input", input, "-o", path("f.pdf")});
        };
        QVERIFY2(figure(anySample()).code == 0, qPrintable(figure(anySample()).err));
        QVERIFY2(figure(other).code == 2 && figure(other).err.contains("other.png"),
            qPrintable(figure(other).err));
    }

    void wrongUsageIsTwo_data()
    {
        QTest::addColumn<QStringList>("line");
        QTest::addColumn<QString>("says");
        QTest::newRow("no option of the program") << QStringList{"--nonsense"} << "nonsense";
        QTest::newRow("a resolution no recipe takes") << QStringList{"figure", "classes", "--model", model,
            "--input", anySample(), "--dpi", "20", "-o", path("dpi.pdf")}
                                                      << "dpi";
        QTest::newRow("a trace named as something else")
            << QStringList{"run", model, anySample(), "-o", path("t.npy")} << "ends in .h5";
        QTest::newRow("weights named as something else")
            << QStringList{"convert", model, path("w.safetensors")} << "ends in .h5";
        QTest::newRow("a field twice") << QStringList{"init", "vit:micro", "--set", "depth=2", "--set",
            "depth=3", "-o", path("twice.h5")}
                                       << "'depth' is set twice";
        QTest::newRow("a letter that is none") << QStringList{"list", "-q"} << "unknown option '-q'";
        QTest::newRow("no room for a figure") << QStringList{"figure", "overlay", "--model", model, "--input",
            anySample(), "--width", "20mm", "-o", path("f.pdf")}
                                              << "--width: expected a length of 1 to 200 in";
        QTest::newRow("two models to check") << QStringList{"check", model, model} << "one file at most";
        QTest::newRow("two plugins to check") << QStringList{"check", "vit", "mlp"} << "'vit' and 'mlp'";
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
        QTest::newRow("a file for the name of a figure")
            << QStringList{"figure", model, "-o", path("x.pdf")} << "expected the name of a figure before";
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
};

QTEST_GUILESS_MAIN(TestCliUsage)
#include "tst_cli_usage.moc"
