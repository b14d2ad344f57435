// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/relevance.h"
#include "core/io/trace_file.h"

#include "tests/app/cli.h"
#include "tests/support/test.h"

#include <QImage>

using namespace fovea;
using namespace fovea::cli;

class TestCliRelevance : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    QString path(const char* name) const { return folder_.filePath(name); }

private slots:
    void everyMethodLeavesItsMapAndItsNumbers()
    {
        for (const analysis::RelevanceMethod& method : analysis::relevanceMethods()) {
            const QString name = QString::fromStdString(method.name);
            const Outcome run = call({"run", model, anySample(), "--method", name, "--class", "3", "--option",
                "removal_steps=4", "-o", path("t.h5"), "--probe", "logits", "--json"});
            QVERIFY2(run.code == 0, qPrintable(name + run.err));
            const Json relevance = run.json()["relevance"];
            QVERIFY(relevance["class"] == 3 && relevance["removal"] == "sequence");
            QCOMPARE(relevance["maps"].size(), std::size_t{method.isBaseline ? 3U : 4U});
            const Json& first = relevance["maps"][0];
            QVERIFY(first["method"] == method.name && first["baseline"] == false);
            for (const char* number : {"deletion", "insertion"})
                QVERIFY(first[number] >= 0 && first[number] <= 1);
            QVERIFY(std::abs(first["rank_correlation"].get<double>()) <= 1);
            const RecordPtr map = io::readTrace(path("t.h5").toStdString())->find("relevance." + method.name);
            QVERIFY(map && map->kind() == Kind::Tokens && map->queries->specialCount() == 0);
            QVERIFY(map->info.help == first["caption"]);
        }
    }

    void methodsAreComparedByTheirRanks()
    {
        const Json relevance = call({"run", model, anySample(), "--method", "rollout", "--method", "flow",
                                        "--method", "rollout", "--option", "removal=none", "--json"})
                                   .json()["relevance"];
        QCOMPARE(
            relevance["maps"].size(), std::size_t{2}); // none is there twice, no baselines without numbers
        QVERIFY(!relevance.contains("removal") && !relevance["maps"][0].contains("deletion"));
        const Json& rho = relevance["correlations"];
        QVERIFY(std::abs(rho[0][0].get<double>() - 1) < 1e-6 && rho[0][1] == rho[1][0]);
    }

    void theRemovalIsSaid()
    {
        for (const char* removal : {"mean", "blur", "zero", "sequence"}) {
            const QStringList line{"run", model, anySample(), "--method", "centre", "--option",
                QString("removal=%1").arg(removal), "--option", "removal_steps=3"};
            const Json json = call(line + QStringList{"--json"}).json()["relevance"];
            QVERIFY(json["removal"] == removal && json["removal_steps"] == 3);
        }
        const Outcome text = call({"run", model, anySample(), "--method", "centre", "--class", "3"});
        QVERIFY2(text.out.contains("relevance for class 3")
                && text.out.contains("patches taken from the sequence"),
            qPrintable(text.out));
    }

    void aClassHasANumberOrALabel()
    {
        const auto map = [&](const char* name) {
            call({"run", model, anySample(), "--method", "chefer", "--class", name, "--option",
                "removal=none", "-o", path("c.h5"), "--probe", "logits"});
            return io::readTrace(path("c.h5").toStdString())->find("relevance.chefer")->value.toDoubles();
        };
        const Json top = call({"run", model, anySample(), "--json"}).json()["top"];
        const std::string label = top[1]["label"];
        QCOMPARE(map(label.c_str()), map(std::to_string(top[1]["class"].get<int>()).c_str()));
        QVERIFY(map(label.c_str()) != map(std::to_string(top[2]["class"].get<int>()).c_str()));
    }

    void editsStandUnderTheMaps()
    {
        const auto rollout = [&](const QStringList& edit) {
            const Outcome run
                = call(QStringList{"run", model, anySample(), "--method", "occlusion", "--option",
                           "removal=none", "--class", "0", "-o", path("e.h5"), "--probe", "logits"}
                    + edit);
            return run.code == 0 ? io::readTrace(path("e.h5").toStdString())->find("relevance.occlusion")
                                 : nullptr;
        };
        const RecordPtr plain = rollout({}), edited = rollout({"--edit", "blocks.2.attn.head.0=off"});
        QVERIFY(plain && edited && !plain->value.identical(edited->value));
    }

    void aFigureOfAllMethodsHasItsRecipe()
    {
        const QStringList line{"figure", "methods-compared", "--model", model, "--input", anySample(),
            "--option", "relevance_class=2", "--option", "removal=mean", "--option", "removal_steps=3"};
        for (const char* name : {"f.pdf", "f.svg", "f.png"}) {
            const Outcome made = call(line + QStringList{"-o", path(name), "--json"});
            QVERIFY2(made.code == 0, qPrintable(made.err));
            const Json settings = made.json()["recipe"]["settings"];
            QVERIFY(settings["removal"] == "mean" && settings["relevance_class"] == "2");
            const QString again = path("again") + QString(name).mid(1);
            QCOMPARE(call({"figure", path(name), "-o", again}).code, 0);
            QVERIFY(test::contentOf(again) == test::contentOf(path(name)));
        }
        QCOMPARE(call(line + QStringList{"-o", path("numbers.h5")}).code, 0);
        const TracePtr numbers = io::readTrace(path("numbers.h5").toStdString());
        QVERIFY(numbers->find("relevance.chefer") && numbers->find("relevance.correlations"));
        const Outcome wrong = call({"figure", "methods-compared", "--model", model, "--input", anySample(),
            "--option", "relevance_class=33", "-o", path("no.pdf")});
        QVERIFY2(wrong.code == 1 && wrong.err.contains("33"), qPrintable(wrong.err));
    }

    void aStudyStandsBesideItsBaselines()
    {
        QCOMPARE(
            call({"init", "vit", "--set", "image_size=32", "--set", "patch_size=8", "--set", "dim=24",
                     "--set", "depth=2", "--set", "heads=3", "--set", "classes=8", "-o", path("tiny.h5")})
                .code,
            0);
        const QStringList line{"relevance", path("tiny.h5"), "--data", "shapes:size=32", "--count", "4",
            "--method", "chefer", "--method", "occlusion", "--option", "removal_steps=4", "--sanity",
            "--draws", "1"};
        const Outcome study = call(line + QStringList{"-o", path("rows.csv"), "--json"});
        QVERIFY2(study.code == 0, qPrintable(study.err));
        const Json json = study.json();
        QVERIFY(json["pictures"] == 4 && json["removal"] == "sequence");
        QCOMPARE(
            json["results"].size(), std::size_t{5 * 5}); // two methods and three baselines, five measures
        const Json& first = json["results"][0];
        QVERIFY(first["method"] == "chefer" && first["measure"] == "deletion" && first["count"] == 4);
        QVERIFY(first["low"] <= first["mean"] && first["mean"] <= first["high"]);
        QCOMPARE(first["over"].size(), std::size_t{3});
        QCOMPARE(json["sanity"].size(), std::size_t{2});
        QCOMPARE(json["sanity"][0]["stages"].size(), std::size_t{4}); // head, two blocks, embed
        const QList<QByteArray> rows = test::contentOf(path("rows.csv")).trimmed().split('\n');
        QCOMPARE(rows.size(), 1 + 4 * 5);
        QCOMPARE(rows.first(),
            QByteArray(
                "picture,object,class,method,deletion,insertion,rank_correlation,pointing,iou,pointing_"
                "others"));
        const QString text = call(line).out;
        QVERIFY(text.contains("between pictures") && !text.contains("nan"));
        const Outcome draws
            = call({"relevance", path("tiny.h5"), "--data", "shapes:size=32", "--draws", "2"});
        QVERIFY2(draws.code == 2 && draws.err.contains("--draws"), qPrintable(draws.err));
        const Outcome nowhere = call(line + QStringList{"-o", path("no/rows.csv")});
        QVERIFY2(nowhere.code == 1 && !nowhere.err.contains('%'), qPrintable(nowhere.err)); // before the work

        const QStringList two{"relevance", path("tiny.h5"), "--data", "shapes:size=32,mode=two", "--first",
            "2", "--count", "1", "--method", "centre", "--option", "removal=none", "--json"};
        const Json objects = call(two).json();
        QVERIFY(objects["pictures"] == 1 && objects["objects"] == 2 && objects["results"][0]["count"] == 1);
        QVERIFY(std::ranges::any_of(
            objects["results"], [](const Json& row) { return row["measure"] == "pointing_others"; }));
        QVERIFY(call({"relevance", path("tiny.h5"), "--data", "shapes:size=32,mode=two", "--first", "3",
                         "--count", "1", "--method", "centre", "--option", "removal=none", "--json"})
                    .json()["results"]
            != objects["results"]);
    }

    void aMaskBesideAPictureIsHeldAgainstTheMaps()
    {
        const Json config = call({"info", model, "--json"}).json()["config"];
        const int side = config["image_size"], patch = config["patch_size"];
        QImage picture(side, side, QImage::Format_RGB888), mask(side, side, QImage::Format_RGB888);
        picture.fill(Qt::gray);
        mask.fill(Qt::black);
        // the middle patch, or the four where there is no middle one: the centred Gaussian puts them first
        const int reach = side / patch % 2 == 0 ? patch : patch / 2;
        for (int y = side / 2 - reach; y < side / 2 + reach; ++y)
            for (int x = side / 2 - reach; x < side / 2 + reach; ++x)
                mask.setPixelColor(x, y, Qt::white);
        const QString label = QString::fromStdString(
            call({"run", model, anySample(), "--json"}).json()["top"][0]["label"].get<std::string>());
        picture.save(path("x.png"));
        const QStringList line{"run", model, path("x.png"), "--method", "centre", "--class", label,
            "--option", "removal_steps=3"};
        QVERIFY(!call(line + QStringList{"--json"}).json()["relevance"]["maps"][0].contains("iou"));
        mask.save(folder_.filePath("x.mask-" + label + ".png"));
        const Json json = call(line + QStringList{"--json"}).json()["relevance"]["maps"];
        QVERIFY(json[0]["pointing"] > 0.99 && json[0]["iou"] > 0.99 && json[1]["method"] == "random");
        QVERIFY(call(line).out.contains("pointing game"));
        QVERIFY(!call({"run", model, path("x.png"), "--method", "centre", "--class", "no " + label, "--json"})
                     .out.contains("iou"));
        mask.copy(0, 0, side / 2, side).save(folder_.filePath("x.mask-" + label + ".png"));
        const Outcome wrong = call(line);
        QVERIFY2(wrong.code == 1 && wrong.err.contains("size of its picture"), qPrintable(wrong.err));
    }

    void aStudyNeedsPicturesThatFit()
    {
        const Outcome size = call({"relevance", model, "--data", "shapes"});
        QVERIFY2(size.code == 1 && size.err.contains("expected pictures"), qPrintable(size.err));
        QCOMPARE(call({"relevance", model}).code, 2);
        QCOMPARE(call({"relevance", model, "--data", path("nothing")}).code, 1);
    }

    void wrongNamesAreRefused_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("message");
        QTest::newRow("method") << QStringList{"--method", "cheffer"} << "nearest: 'chefer'";
        QTest::newRow("class") << QStringList{"--method", "chefer", "--class", "10"}
                               << "from 0 to 9, found '10'";
        QTest::newRow("class without method") << QStringList{"--class", "1"} << "--class is of a method";
        QTest::newRow("option of another method") << QStringList{"--method", "rollout", "--option",
            "path_steps=3"} << "none of the methods reads it";
        QTest::newRow("no such removal")
            << QStringList{"--method", "rollout", "--option", "removal=paint"} << "removal";
        QTest::newRow("no such token")
            << QStringList{"--method", "flow", "--option", "relevance_read=dist"} << "relevance_read";
        QTest::newRow("no such signal")
            << QStringList{"--method", "grad-cam", "--option", "cam_signal=blocks.9.out"} << "blocks.9.out";
        QTest::newRow("edit of a token")
            << QStringList{"--method", "rollout", "--edit", "blocks.1.out.3=off"} << "names tokens";
    }

    void wrongNamesAreRefused()
    {
        QFETCH(QStringList, options);
        QFETCH(QString, message);
        const Outcome run = call(QStringList{"run", model, anySample(), "-o", path("no.h5")} + options);
        QCOMPARE(run.code, QByteArray(QTest::currentDataTag()) == "edit of a token" ? 1 : 2);
        QVERIFY2(run.err.contains(message), qPrintable(run.err));
        QVERIFY(!QFile::exists(path("no.h5")));
    }
};

QTEST_GUILESS_MAIN(TestCliRelevance)
#include "tst_cli_relevance.moc"
