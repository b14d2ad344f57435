// What the command line says of a method's sanity check: beside every map, from what comes with the program
// and what a person has measured.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/cli.h"
#include "tests/support/test.h"

#include <cmath>

using namespace fovea;
using namespace fovea::cli;

namespace {

/// A person's data folder of their own.
struct Person {
    QTemporaryDir folder;
    QMap<QString, QString> environment() const { return {{"XDG_DATA_HOME", folder.path()}}; }
    QString file() const { return folder.filePath("fovea/fovea/sanity.json"); }
    Outcome call(const QStringList& line) const { return cli::call(line, environment()); }
};

const QStringList quick{"--option", "removal_steps=3", "--option", "random_draws=2"};

}

class TestCliSanity : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    QString path(const char* name) const { return folder_.filePath(name); }
    QStringList run(const char* method) const
    {
        return QStringList{"run", path("tiny.h5"), path("x.npy"), "--method", method} + quick;
    }
    QStringList study() const
    {
        return {"relevance", path("tiny.h5"), "--data", "shapes:size=32", "--count", "3", "--method",
            "chefer", "--option", "removal=none", "--sanity", "--draws", "1", "--json"};
    }

private slots:
    void initTestCase()
    {
        QCOMPARE(cli::call(
                     {"init", "vit", "--set", "image_size=32", "--set", "patch_size=8", "--set", "dim=24",
                         "--set", "depth=2", "--set", "heads=3", "--set", "classes=8", "-o", path("tiny.h5")})
                     .code,
            0);
        QByteArray npy("\x93NUMPY\x01\x00", 8);
        QByteArray header("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 32, 32), }");
        header = header.leftJustified(117, ' ') + '\n';
        npy += char(118);
        npy += char(0);
        npy += header;
        for (int i = 0; i < 3 * 32 * 32; ++i) {
            const float value = static_cast<float>(std::sin(0.37 * i));
            npy.append(reinterpret_cast<const char*>(&value), sizeof value);
        }
        QFile file(path("x.npy"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(npy) == npy.size());
    }

    void whatIsNotMeasuredIsSaidWithItsCommand()
    {
        const Person person;
        const Outcome text = person.call(run("chefer"));
        QVERIFY2(text.code == 0, qPrintable(text.err));
        for (const QString& said : {QString("chefer: sanity check not measured"),
                 "to measure: fovea relevance " + path("tiny.h5")
                     + " --data shapes:size=32 --option removal_steps=3 --sanity "
                       "--method chefer"})
            QVERIFY2(text.out.contains(said), qPrintable(text.out));
        const Json maps = person.call(run("chefer") + QStringList{"--json"}).json()["relevance"]["maps"];
        QVERIFY(maps[0].contains("sanity") && maps[0]["sanity"].is_null());
        QVERIFY(!QFile::exists(person.file())); // looking writes nothing
    }

    void whatWasMeasuredStandsBesideTheMap()
    {
        const Person person;
        const Outcome measured = person.call(study());
        QVERIFY2(measured.code == 0 && measured.err.isEmpty(), qPrintable(measured.err));
        const Json found = measured.json()["sanity"][0];
        const Json sanity
            = person.call(run("chefer") + QStringList{"--json"}).json()["relevance"]["maps"][0]["sanity"];
        QVERIFY(sanity["largest"] == found["largest"] && sanity["fails"] == found["fails"]);
        QVERIFY(sanity["between_pictures"] == found["between_pictures"]);
        QVERIFY(sanity["pictures"] == 3 && sanity["draws"] == 1 && sanity["data"] == "shapes:size=32");
        const QString text = person.call(run("chefer")).out;
        QVERIFY2(text.contains("chefer: sanity check: rank correlation") && !text.contains("not measured"),
            qPrintable(text));
        // of another method, under another option, of another person nothing is known
        QVERIFY(person.call(run("rollout")).out.contains("rollout: sanity check not measured"));
        QVERIFY(person.call(run("chefer") + QStringList{"--option", "rollout_start=1"})
                    .out.contains("not measured"));
        QVERIFY(Person().call(run("chefer")).out.contains("not measured"));
    }

    void aStudyTakesNoOptionWithoutEffect()
    {
        const Outcome outcome = cli::call(study() + QStringList{"--option", "random_draws=2"});
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains("--option random_draws: is of one picture"), qPrintable(outcome.err));
        QVERIFY(!cli::call({"relevance", "--help"}).out.contains("random_draws"));
    }

    void aDamagedFileIsSaidAndStays()
    {
        const Person person;
        QVERIFY(QDir().mkpath(QFileInfo(person.file()).path()));
        const QByteArray damaged = R"({"fovea_format": "sanity", "version": 1, "rows": [{"weights": 3}]})";
        QFile file(person.file());
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(damaged) == damaged.size());
        file.close();
        const QString said = person.file() + ": field 'rows.0.weights': expected text, found 3";
        const Outcome looked = person.call(run("chefer"));
        QVERIFY2(looked.code == 0 && looked.err.contains(said), qPrintable(looked.err));
        QVERIFY(looked.out.contains("not measured"));
        const Outcome measured = person.call(study());
        QVERIFY2(
            measured.code == 0 && measured.err.contains("not remembered: " + said), qPrintable(measured.err));
        QVERIFY(measured.json()["sanity"].size() == 1); // the result stands
        QCOMPARE(test::contentOf(person.file()), damaged);
    }

    void aFigureKeepsTheNumbersThatStoodInIt()
    {
        const Person person;
        QCOMPARE(person.call(study()).code, 0);
        const Outcome made
            = person.call({"figure", "removal-curves", "--model", path("tiny.h5"), "--input", path("x.npy"),
                "--option", "removal_steps=3", "--option", "random_draws=2", "-o", path("f.pdf"), "--json"});
        QVERIFY2(made.code == 0, qPrintable(made.err));
        const Json rows = made.json()["recipe"]["measured"]["sanity"]["rows"];
        QVERIFY(rows.size() == 1 && rows[0]["method"] == "chefer");
        const Person other; // who has measured nothing
        QCOMPARE(other.call({"figure", path("f.pdf"), "-o", path("again.pdf")}).code, 0);
        QVERIFY(test::contentOf(path("again.pdf")) == test::contentOf(path("f.pdf")));
        QCOMPARE(
            other
                .call({"figure", "removal-curves", "--model", path("tiny.h5"), "--input", path("x.npy"),
                    "--option", "removal_steps=3", "--option", "random_draws=2", "-o", path("other.pdf")})
                .code,
            0);
        QCOMPARE(person.call({"figure", path("other.pdf"), "-o", path("again.pdf")}).code, 0);
        QVERIFY(test::contentOf(path("again.pdf")) == test::contentOf(path("other.pdf")));
        QVERIFY(test::contentOf(path("other.pdf")) != test::contentOf(path("f.pdf")));
    }

    void aRecipesDamagedNumbersAreRefused()
    {
        const Person person;
        Json recipe = person
                          .call({"figure", "removal-curves", "--model", path("tiny.h5"), "--input",
                              path("x.npy"), "--option", "removal_steps=3", "--option", "random_draws=2",
                              "-o", path("r.pdf"), "--json"})
                          .json()["recipe"];
        recipe["measured"]["sanity"]
            = {{"fovea_format", "sanity"}, {"version", 1}, {"rows", {{{"weights", 3}}}}};
        QFile file(path("r.json"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray::fromStdString(recipe.dump())) > 0);
        file.close();
        const Outcome refused = person.call({"figure", path("r.json"), "-o", path("no.pdf")});
        QVERIFY2(refused.code == 1 && refused.err.contains("r.json")
                && refused.err.contains("measured.sanity") && refused.err.contains("rows.0.weights"),
            qPrintable(refused.err));
        QVERIFY(!QFile::exists(path("no.pdf")));
    }

    void bundledModelsComeWithTheirs()
    {
        const QString table = QStringLiteral(FOVEA_RESOURCES "/models/sanity.json");
        const Json rows = Json::parse(test::contentOf(table).toStdString(), nullptr, false)["rows"];
        QVERIFY(rows.is_array() && !rows.empty());
        const QDir models(QStringLiteral(FOVEA_RESOURCES "/models"));
        QMap<std::string, QString> files;
        for (const QFileInfo& file : models.entryInfoList({"*.h5"}, QDir::Files))
            files[cli::call({"info", file.filePath(), "--json"}).json()["sha256"].get<std::string>()]
                = file.filePath();
        for (const Json& row : rows) {
            QVERIFY2(files.contains(row["weights"]), row.dump().c_str());
            QVERIFY(row["pictures"] >= 50 && row["draws"] >= 5);
        }
        const QString name = QString::fromStdString(rows[0]["method"]);
        const Outcome run = Person().call(
            QStringList{"run", files[rows[0]["weights"]],
                models.filePath("../samples/shapes_star_and_cross_1.png"), "--method", name, "--json"}
            + quick);
        QVERIFY2(run.code == 0 && run.err.isEmpty(), qPrintable(run.err));
        QVERIFY(run.json()["relevance"]["maps"][0]["sanity"]["largest"] == rows[0]["largest"]);
    }

    void theMapOfOneObjectIsHeldAgainstTheOther()
    {
        const QString shapes = QStringLiteral(FOVEA_RESOURCES "/models/vit_micro_shapes.h5"),
                      both = QStringLiteral(FOVEA_RESOURCES "/samples/shapes_star_and_cross_1.png");
        const auto mapsOf = [&](const char* label) {
            return Person()
                .call(QStringList{"run", shapes, both, "--method", "brightness", "--class", label, "--json"}
                    + quick)
                .json()["relevance"]["maps"];
        };
        const Json star = mapsOf("star"), cross = mapsOf("cross"), disc = mapsOf("disc");
        for (std::size_t i = 0; i < star.size();
             ++i) { // the maps know no class: what is one's is the other's
            QCOMPARE(star[i]["pointing"].get<double>(), cross[i]["pointing_others"].get<double>());
            QCOMPARE(cross[i]["pointing"].get<double>(), star[i]["pointing_others"].get<double>());
        }
        QVERIFY(!disc[0].contains("pointing") && disc[0].contains("pointing_others"));
        const Outcome text = Person().call(
            QStringList{"run", shapes, both, "--method", "centre", "--class", "star"} + quick);
        QVERIFY(text.out.contains("pointing at others (low)"));
        const Json one = Person()
                             .call(QStringList{"run", shapes,
                                       QStringLiteral(FOVEA_RESOURCES "/samples/shapes_star_5.png"),
                                       "--method", "centre", "--class", "star", "--json"}
                                 + quick)
                             .json()["relevance"]["maps"];
        QVERIFY(one[0].contains("pointing") && !one[0].contains("pointing_others"));
    }

    void chanceStandsBesideTheNumbers()
    {
        const Json json = Person().call(run("occlusion") + QStringList{"--json"}).json()["relevance"];
        const Json& range = json["random_range"];
        QVERIFY(range["draws"] == 2 && range["low"]["deletion"] <= range["high"]["deletion"]);
        QVERIFY(json["maps"][0]["rank_low"] <= json["maps"][0]["rank_correlation"]);
        const auto textWith = [&](const char* draws) {
            return Person()
                .call({"run", path("tiny.h5"), path("x.npy"), "--method", "occlusion", "--option",
                    "removal_steps=3", "--option", draws})
                .out;
        };
        const QString text = textWith("random_draws=39");
        QVERIFY2(
            text.contains("95 % of random orders of this picture (39 drawn): deletion"), qPrintable(text));
        QVERIFY(!textWith("random_draws=0").contains("drawn"));
    }
};

QTEST_GUILESS_MAIN(TestCliSanity)
#include "tst_cli_sanity.moc"
