// The figures of papers by their names: the numbers that are drawn against published ones, options over the
// recipe, what is refused. Numbers: Tian et al., arXiv 2305.16380, as the project's reference sheet has them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/cli.h"
#include "tests/support/test.h"

#include <QRegularExpression>

#include <cmath>

using namespace fovea;
using namespace fovea::cli;

namespace {

/// A CSV: names of the columns, and the rows as text.
struct Sheet {
    QStringList names;
    QList<QStringList> rows;

    double at(const QString& row, int column) const
    {
        for (const QStringList& one : rows)
            if (one.value(0) == row)
                return one.value(column).toDouble();
        return NAN;
    }
};

Sheet sheetIn(const QString& file)
{
    const QStringList lines = QString::fromUtf8(test::contentOf(file)).split('\n', Qt::SkipEmptyParts);
    Sheet sheet;
    for (const QString& line : lines)
        sheet.rows.append(line.split(QRegularExpression(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")));
    if (!sheet.rows.isEmpty())
        sheet.names = sheet.rows.takeFirst();
    return sheet;
}

/// To the printed digits: half of the last one.
bool prints(double found, double printed, double digit)
{
    return std::abs(found - printed) <= 0.5001 * digit;
}

}

class TestPaperFigures : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    QString path(const QString& name) const { return folder_.filePath(name); }
    Outcome figure(const QStringList& words) const { return call(QStringList{"figure"} + words); }

    static void write(const QString& file, const QByteArray& bytes)
    {
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size());
    }

    /// A corner of a sweep: forty runs.
    QStringList smallWords(const char* name, const QString& file, const QStringList& more) const
    {
        return QStringList{"figure", name, "--option", "lab_panels=num_last=1", "--option",
                   "lab_lines=eta_z=0.5;1", "--option",
                   QString(name).endsWith("6") ? "lab_across=eta_y_over_z=1;10" : "lab_across=threshold",
                   "-o", path(file)}
        + more;
    }
    Outcome small(const char* name, const QString& file, const QStringList& more) const
    {
        return call(smallWords(name, file, more), {{"XDG_CACHE_HOME", path("cache")}});
    }

private slots:
    void figure3HasTheGrowthOfTheSheet()
    {
        const Outcome drawn = figure({"scan-snap-fig3", "-o", path("f3.csv")});
        QVERIFY2(drawn.code == 0, qPrintable(drawn.err));
        const Sheet chi = sheetIn(path("f3.theory.chi_high.csv"));
        QCOMPARE(chi.rows.size(), 701);
        QCOMPARE(chi.names.mid(1), (QStringList{"η_Y = 0.5", "η_Y = 1", "η_Y = 2", "η_Y = 5"}));
        const double end[] = {572, 439, 332, 227}, t0[] = {364.68, 182.34, 91.17, 36.47};
        const Sheet marks = sheetIn(path("f3.marks.csv"));
        for (int i = 0; i < 4; ++i) {
            QVERIFY2(prints(chi.at("700", i + 1), end[i], 1), qPrintable(QString::number(i)));
            QVERIFY(prints(marks.rows[i].value(1).toDouble(), t0[i], .01));
        }
        const std::pair<const char*, double> travel[] = {{"50", 123.895}, {"100", 474.345}, {"200", 1192.964},
            {"400", 1719.205}, {"700", 2045.074}}; // 4 Gamma at eta_Y = .5; C0 = .5^4 / 10
        for (const auto& [t, gamma4] : travel)
            QVERIFY(std::abs(chi.at(t, 1) / std::sqrt(1 + gamma4 / .00625) - 1) < 5e-6);
    }

    /// The last row is that of step 48, as the paper's.
    void attentionOfFigures2To5IsThatOfTheSheet()
    {
        const auto verifyRow = [](const Sheet& sheet, const QString& step, int first, double common,
                                   const std::vector<double>& distinct) {
            double mass = 0;
            for (int token = 0; token < 10; ++token)
                mass += sheet.at(step, 1 + token);
            QVERIFY2(prints(mass, common, 1e-5), qPrintable(QString::number(mass, 'g', 8)));
            for (std::size_t i = 0; i < distinct.size(); ++i)
                QVERIFY2(prints(sheet.at(step, 1 + first + static_cast<int>(i)), distinct[i], 1e-4),
                    qPrintable(QString("%1: %2").arg(step).arg(i)));
        };
        for (const char* name : {"scan-snap-fig2", "scan-snap-fig4", "scan-snap-fig5"}) {
            const Outcome drawn = figure({name, "-o", path(QString(name) + ".csv")});
            QVERIFY2(drawn.code == 0, qPrintable(drawn.err));
        }
        const Sheet left = sheetIn(path("scan-snap-fig4.classes.0.c.A.csv")),
                    right = sheetIn(path("scan-snap-fig4.classes.0.c.B.csv")),
                    other = sheetIn(path("scan-snap-fig4.classes.1.c.A.csv")),
                    adam = sheetIn(path("scan-snap-fig5.classes.0.c.A.csv"));
        QCOMPARE(left.rows.size(), 7);
        verifyRow(left, "4", 10, .64276, {});
        verifyRow(
            left, "10", 10, .55825, {.0064, .0128, .0195, .0265, .0352, .0427, .0532, .0664, .0791, .0999});
        verifyRow(
            left, "48", 10, .36270, {.0055, .0112, .0178, .0251, .0371, .0473, .0666, .0973, .1290, .2005});
        verifyRow(right, "48", 10, .56729, {});
        QVERIFY(prints(right.at("48", 20), .0934, 1e-4));
        verifyRow(other, "48", 20, .42066, {});
        QVERIFY(prints(other.at("48", 30), .1559, 1e-4));
        verifyRow(
            adam, "48", 10, .28049, {.0514, .0822, .0915, .0921, .0780, .0540, .0664, .0643, .0733, .0664});
        // c~ is P(l|n) exp(z): at first P(l|n), k / 155 of the k-th distinct token
        const Sheet bars = sheetIn(path("scan-snap-fig2.classes.0.c_tilde.A.csv"));
        for (int k = 1; k <= 10; ++k)
            QVERIFY(std::abs(bars.at("0", 10 + k) - k / 155.0) < 1e-12);
    }

    /// Figures 7 and 10 learn a text: the one that comes with the program, or another.
    void figuresOfATextTakeAnother()
    {
        const QStringList small{"scan-snap-fig10", "--option", "lab_seeds=1", "--option", "lab_steps=2",
            "--option", "lab_across=learning rate: lr=1;5", "-o", path("f10.csv")};
        const auto first = [&](const QStringList& more) {
            const Outcome drawn = figure(small + more);
            return drawn.code == 0 ? sheetIn(path("f10.csv")).rows.value(0).value(3).toDouble() : NAN;
        };
        const double own = first({});
        QVERIFY2(own > 0 && own < std::log(35.0), qPrintable(QString::number(own))); // of at most 35 words
        QString lines;
        for (int i = 0; i < 400; ++i)
            lines += QString("word%1 follows word%2 and goes\n").arg(i % 7).arg(i * i % 11);
        write(path("own.txt"), lines.toUtf8());
        const double others = first({"--data", path("own.txt")});
        QVERIFY(others > 0 && others != own);
        const auto refused = [&](const QStringList& words) { return figure(words).err; };
        QVERIFY(refused({"scan-snap-fig10", "--data", "none.txt"})
                    .contains("expected a text file, found 'none.txt'"));
        QVERIFY(refused({"scan-snap-fig4", "--data", path("own.txt")})
                    .contains("--data: this figure learns no file"));
        // the recipe of figure 7, of three steps
        QString recipe = QString::fromUtf8(test::contentOf(FOVEA_RESOURCES "/figures/scan-snap-fig7.json"));
        QVERIFY(recipe.count("1501") == 2 && recipe.count("\"every\": 500") == 2);
        recipe.replace("1501", "3")
            .replace("\"every\": 500", "\"every\": 1")
            .replace("\"step\": 1500", "\"step\": 2");
        write(path("short.json"), recipe.toUtf8());
        const Outcome drawn = figure({path("short.json"), "-o", path("f7.csv")});
        QVERIFY2(drawn.code == 0, qPrintable(drawn.err));
        QCOMPARE(QDir(folder_.path()).entryList({"f7*pattern*.csv"}).size(), 6); // three steps of two runs
    }

    void figure8HasTheHeightsOfTheSheet()
    {
        const Outcome drawn = figure({"scan-snap-fig8", "-o", path("f8.csv")});
        QVERIFY2(drawn.code == 0, qPrintable(drawn.err));
        const Sheet h50 = sheetIn(path("f8.1.theory.h.csv")),
                    star50 = sheetIn(path("f8.1.theory.h_star.csv")),
                    h1000 = sheetIn(path("f8.2.theory.h.csv")),
                    star1000 = sheetIn(path("f8.2.theory.h_star.csv"));
        QCOMPARE(h50.names.value(5), QString("η_Y = 2"));
        QCOMPARE(h1000.names.value(5), QString("η_Y = 4"));
        struct Row {
            const char* t;
            double h, star;
        };
        for (const Row& row : {Row{"1", .0384355, .04}, Row{"10", .1304807, .1342811},
                 Row{"40", .1637725, .1649845}, Row{"80", .1786215, .1793023}}) {
            QVERIFY2(prints(h50.at(row.t, 5), row.h, 2e-7), row.t);
            QVERIFY2(prints(star50.at(row.t, 5), row.star, 1e-7), row.t);
        }
        for (const Row& row : {Row{"1", .0039529, .004}, Row{"10", .0102993, .0105307},
                 Row{"40", .0119057, .0119761}, Row{"70", .0124969, .0125407}}) {
            QVERIFY2(prints(h1000.at(row.t, 5), row.h, 2e-7), row.t);
            QVERIFY2(prints(star1000.at(row.t, 5), row.star, 1e-7), row.t);
        }
        QCOMPARE(star50.at("9.9", 5), star50.at("9", 5)); // stairs
        QVERIFY(h50.at("9.9", 5) > h50.at("9", 5));
        QVERIFY(std::isnan(h1000.at("71", 5)));
    }

    void figure9HasTheGrowthOfTheSheet()
    {
        const Outcome drawn = figure({"scan-snap-fig9", "-o", path("f9.csv")});
        QVERIFY2(drawn.code == 0, qPrintable(drawn.err));
        const Sheet b = sheetIn(path("f9.1.theory.B.csv")), marks = sheetIn(path("f9.1.marks.csv"));
        const double t0[] = {2.5844, 1.2922, .6461, .3230, .1615},
                     end[] = {.62016, .67068, .71252, .74933, .78279};
        for (int i = 0; i < 5; ++i) {
            QVERIFY2(prints(b.at("5", i + 1), end[i], 1e-5), qPrintable(QString::number(b.at("5", i + 1))));
            QVERIFY(prints(marks.rows[i].value(1).toDouble(), t0[i], 1e-4));
            QVERIFY(prints(marks.rows[i].value(2).toDouble(), .55561, 1e-5));
        }
        QCOMPARE(sheetIn(path("f9.2.theory.B.csv")).rows.size(), 5001);
    }

    void theSameBytesTwiceAndFromTheFigureItself()
    {
        QCOMPARE(figure({"scan-snap-fig9", "-o", path("a.pdf")}).err, QString());
        QCOMPARE(figure({"scan-snap-fig9", "-o", path("b.pdf")}).err, QString());
        QVERIFY(test::contentOf(path("a.pdf")).startsWith("%PDF"));
        QCOMPARE(test::contentOf(path("a.pdf")), test::contentOf(path("b.pdf")));
        QCOMPARE(figure({path("a.pdf"), "-o", path("c.pdf")}).err, QString());
        QCOMPARE(test::contentOf(path("a.pdf")), test::contentOf(path("c.pdf")));
    }

    void optionsStandOverTheRecipe()
    {
        const Outcome drawn = figure({"scan-snap-fig9", "--option", "lab_lines=eta_z=4", "--option",
            "lab_mark=t0'", "--width", "89mm", "--dpi", "72", "-o", path("o.svg"), "--json"});
        QVERIFY2(drawn.code == 0, qPrintable(drawn.err));
        const Json recipe = drawn.json()["recipe"];
        QVERIFY(std::abs(recipe["width_pt"].get<double>() - 89 / 25.4 * 72) < 1e-6);
        QCOMPARE(recipe["dpi"].get<int>(), 72);
        QCOMPARE(recipe["lab"]["study"]["lab_lines"].get<std::string>(), std::string("eta_z=4"));
        QVERIFY(test::contentOf(path("o.svg")).contains("scanning ends"));
    }

    void aFigureOfOnesOwnNeedsNoRecipe()
    {
        const Outcome drawn = figure({"theory-curves", "--option", "lab_id=scan_snap", "--option",
            "lab_fields=momentum=0,num_last=1,num_next_per_last=1,vocabulary=100,num_common=1,rho_0=1",
            "--option", "lab_lines=eta_y=10,eta_z=1", "--option", "lab_records=theory.B", "-o",
            path("own.csv")});
        QVERIFY2(drawn.code == 0, qPrintable(drawn.err));
        QVERIFY(prints(sheetIn(path("own.theory.B.csv")).at("5", 1), .67068, 1e-5));
    }

    void figure6HasTheEntropiesOfTheSheet()
    {
        const Outcome drawn = small("scan-snap-fig6", "f6.csv", {});
        QVERIFY2(drawn.code == 0, qPrintable(drawn.err));
        const Sheet entropy = sheetIn(path("f6.csv"));
        QCOMPARE(entropy.names.mid(1), (QStringList{"x", "n", "mean", "deviation"}));
        const double mean[] = {1.971, 2.092, 1.871, 2.053}, deviation[] = {.028, .016, .052, .030};
        QCOMPARE(entropy.rows.size(), 4);
        for (int i = 0; i < 4; ++i) {
            QCOMPARE(entropy.rows[i].value(2), QString("10"));
            QVERIFY2(prints(entropy.rows[i].value(3).toDouble(), mean[i], .001),
                qPrintable(entropy.rows[i].join(' ')));
            QVERIFY2(prints(entropy.rows[i].value(4).toDouble(), deviation[i], .001),
                qPrintable(entropy.rows[i].join(' ')));
        }
    }

    void figure11HasTheRecallsOfTheSheetFromTheSameRuns()
    {
        const QByteArray before = test::contentOf(path("cache/fovea/fovea/sweeps.txt"));
        QVERIFY(before.count('\n') == 41);
        const Outcome drawn = call(
            {"figure", "scan-snap-fig11", "--option", "lab_fields=num_last=1,num_next_per_last=2,init=random",
                "--option", "lab_lines=eta_z=0.5;1", "--option", "lab_panels=eta_y_over_z=1;10", "-o",
                path("f11.csv")},
            {{"XDG_CACHE_HOME", path("cache")}});
        QVERIFY2(drawn.code == 0, qPrintable(drawn.err));
        QCOMPARE(test::contentOf(path("cache/fovea/fovea/sweeps.txt")), before); // no run was made
        const double recalls[2][2][6]
            = {{{.685, .600, .520, .475, .410, .355}, {.580, .515, .470, .420, .400, .350}},
                {{.825, .660, .530, .365, .255, .205}, {.810, .665, .545, .425, .335, .250}}};
        for (int panel = 0; panel < 2; ++panel) {
            const Sheet sheet = sheetIn(path(QString("f11.%1.recall.csv").arg(panel + 1)));
            QCOMPARE(sheet.rows.size(), 22);
            for (int line = 0; line < 2; ++line)
                for (int i = 0; i < 6; ++i) {
                    const QStringList row = sheet.rows.value(11 * line + 2 * i);
                    QVERIFY(prints(row.value(1).toDouble(), .028 + .002 * i, 1e-6));
                    QVERIFY2(prints(row.value(3).toDouble(), recalls[panel][line][i], .001),
                        qPrintable(row.join(' ')));
                }
        }
    }

    /// The whole of it, 640 runs: a part would be done before it is kept for the first time.
    void anInterruptedSweepGoesOnWhereItWas()
    {
        const QString kept = path("other/fovea/fovea/sweeps.txt");
        const auto words = [&](const char* file) {
            return QStringList{"figure", "scan-snap-fig6", "-o", path(file)};
        };
        const auto drawn = [&](const char* file, const char* cache) {
            return call(words(file), {{"XDG_CACHE_HOME", path(cache)}});
        };
        QProcess process;
        QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
        variables.insert("XDG_CACHE_HOME", path("other"));
        process.setProcessEnvironment(variables);
        process.start(program(), words("i.svg"));
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(kept), 60000);
        process.terminate();
        QVERIFY(process.waitForFinished(60000));
        QVERIFY(process.exitCode() != 0);
        QVERIFY(!QFile::exists(path("i.svg")));
        const QList<QByteArray> some = test::contentOf(kept).trimmed().split('\n');
        QVERIFY(some.size() > 1 && some.size() < 641);
        QCOMPARE(drawn("i.svg", "other").err, QString());
        const QList<QByteArray> all = test::contentOf(kept).trimmed().split('\n');
        QCOMPARE(all.size(), 641);
        for (const QByteArray& line : some)
            QVERIFY(all.contains(line));
        QCOMPARE(drawn("j.svg", "whole").code, 0);
        QCOMPARE(test::contentOf(path("i.svg")), test::contentOf(path("j.svg")));
    }

    void whatIsWrongIsRefused_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("says");
        const auto option = [](const char* text) { return QStringList{"scan-snap-fig9", "--option", text}; };
        QTest::newRow("unknown") << QStringList{"scan-snap-fig99"} << "of papers";
        QTest::newRow("unknown lists") << QStringList{"scan-snap-fig99"} << "scan-snap-fig9";
        QTest::newRow("field") << option("lab_line=x") << "'lab_line'";
        QTest::newRow("lines") << option("lab_lines=eta=1")
                               << "field 'lab_lines': this lab has no field 'eta'";
        QTest::newRow("lab") << option("lab_id=nope") << "field 'lab_id': there is no lab 'nope'";
        QTest::newRow("mark") << option("lab_mark=t9") << "field 'lab_mark': expected one of t0'; t0;";
        QTest::newRow("record") << option("lab_records=theory.nope") << "no curve 'theory.nope'";
        QTest::newRow("edit") << QStringList{"scan-snap-fig9", "--edit", "x=off"} << "--edit: the recipe";
        QTest::newRow("width") << QStringList{"scan-snap-fig9", "--width", "x"}
                               << "--width: expected a length";
    }
    void whatIsWrongIsRefused()
    {
        QFETCH(const QStringList, words);
        QFETCH(const QString, says);
        const Outcome drawn = figure(words + QStringList{"-o", path("wrong.pdf")});
        QVERIFY(drawn.code != 0);
        QVERIFY2(drawn.err.contains(says), qPrintable(drawn.err));
        QVERIFY(!QFile::exists(path("wrong.pdf")));
    }

    void aRecipesFaultIsNamedWithFileAndField()
    {
        const QString own = path("own.json");
        QByteArray text = test::contentOf(QStringLiteral(FOVEA_RESOURCES "/figures/scan-snap-fig9.json"));
        text.replace("eta_z=0.5", "eta_z=-1");
        QFile file(own);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) > 0);
        file.close();
        const Outcome drawn = figure({own, "-o", path("own.pdf")});
        QVERIFY(drawn.code != 0);
        QVERIFY2(drawn.err.contains("own.json: field 'lab_lines': field 'eta_z': expected"),
            qPrintable(drawn.err));
    }
};

QTEST_GUILESS_MAIN(TestPaperFigures)
#include "tst_paper_figures.moc"
