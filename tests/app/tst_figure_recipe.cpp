// A recipe that asks for what cannot be is refused, by the command line and by the window in the same words.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tour.h"
#include "app/window.h"

#include "widgets/panels/message_bar.h"
#include "widgets/session/patterns.h"

#include "tests/app/cli.h"
#include "tests/support/test.h"

#include <QApplication>
#include <QSettings>

using namespace fovea;
using namespace fovea::cli;

class TestFigureRecipe : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
        tool_.loadPlugins({(qEnvironmentVariable("FOVEA_BIN") + "/plugins").toStdString()});
        const Outcome drawn = call(
            {"figure", "record", "--model", model, "--input", anySample(), "--option", "layer=2", "--option",
                "query=3,3", "--option", "record=blocks.1.attn.pattern", "-o", path("base.svg"), "--json"});
        QVERIFY2(drawn.code == 0, qPrintable(drawn.err));
        recipe_ = drawn.json()["recipe"];
        QCOMPARE(refusal(), QString());
    }

    void isRefused_data()
    {
        QTest::addColumn<QString>("at");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* at, const char* value, const char* says) {
            QTest::addRow("%s %s", at, value) << at << value << says;
        };
        row("/selection/layer", "99", "field 'selection.layer': expected 0 to 5, found '99'");
        row("/selection/layer", "-1", "field 'selection.layer'");
        row("/selection/layer", "1.5", "field 'selection.layer': expected an integer");
        row("/selection/head", "\"x\"", "field 'selection.head': expected an integer, found \"x\"");
        row("/selection/head", "3", "field 'selection.head': expected 0 to 2, found '3'");
        row("/selection/group", "1", "field 'selection.group': expected 0 to 0");
        row("/selection/step", "1", "field 'selection.step': expected 0 to 0");
        row("/selection/reading", "\"median\"", "field 'selection.reading': expected one of one, mean");
        row("/selection/direction", "\"up\"", "field 'selection.direction': expected one of query, key");
        row("/selection/record", "\"nope\"", "field 'selection.record'");
        row("/selection/brushed", "\"9.9\"", "field 'selection.brushed'");
        row("/selection/brushed", "\"1\"", "field 'selection.brushed': expected heads as LAYER.HEAD");
        row("/selection/colour", "1", "'selection.colour'");
        row("/selection/pin", "[]", "field 'selection.pin'");
        row("/selection/pin/token", "{}", "field 'selection.pin'");
        row("/selection/pin/query", "\"cls\"", "field 'selection.pin.query'");
        row("/selection/pin/query", "{\"special\": \"dist\"}", "field 'selection.pin.query'");
        row("/selection/pin/query", "{\"x\": 32, \"y\": 2}", "field 'selection.pin.query'");
        row("/selection/pin/key", "{\"x\": 2}", "field 'selection.pin.key'");
        row("/settings/opacity", "3", "field 'settings.opacity': expected 0.0 to 1.0");
        row("/settings/grid", "\"yes\"", "field 'settings.grid': expected yes or no");
        row("/settings/colors", "\"jet\"", "field 'settings.colors': expected one of viridis");
        row("/settings/colour", "1", "'settings.colour'");
        row("/view", "\"portrait\"", "there is no figure 'portrait'");
        row("/width_pt", "\"3in\"", "field width_pt");
        row("/height_pt", "1", "field height_pt");
        row("/dpi", "300.5", "expected a whole number, found 300.5 (recipe field dpi)");
        row("/edits", "[3]", "field edits");
        row("/edits", "[\"=\"]", "edits: edit '='");
        row("/model/path", "\"\"", "field 'model.path'");
        row("/model/answers", "{\"heads\": 3}", "field 'answers.heads'");
        row("/model/answers", "{\"heads\": \"x\"}", "field 'heads': expected an integer, found 'x'");
        row("/input/path", "\"/etc/passwd\"", "/etc/passwd");
        row("/bogus", "1", "field bogus");
    }

    void isRefused()
    {
        QFETCH(const QString, at);
        QFETCH(const QString, value);
        QFETCH(const QString, says);
        const auto file = write(at, value);
        const Outcome outcome = call({"figure", file, "-o", path("out.svg")});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.err.contains(says), qPrintable(outcome.err));
        QVERIFY2(outcome.err.contains("mutant.json") || at.endsWith("/path"), qPrintable(outcome.err));
        QVERIFY(!outcome.err.contains("--set")); // nobody gave it
        QVERIFY(!QFile::exists(path("out.svg")));

        app::Studio studio(tool_);
        studio.window().show();
        studio.session().open({file});
        QVERIFY(app::waitUntilIdle(studio.window()));
        QVERIFY2(
            studio.window().messages().text().contains(says), qPrintable(studio.window().messages().text()));
        QVERIFY(!studio.window().messages().text().contains("--set"));
    }

private:
    QString path(const QString& name) const { return folder_.filePath(name); }

    QString write(const QString& at, const QString& value)
    {
        Json mutant = recipe_;
        mutant[Json::json_pointer(at.toStdString())] = Json::parse(value.toStdString());
        QFile file(path("mutant.json"));
        if (!file.open(QIODevice::WriteOnly))
            return {};
        file.write(QByteArray::fromStdString(mutant.dump()));
        return file.fileName();
    }

    /// Of the recipe as it is.
    QString refusal()
    {
        const Outcome outcome = call({"figure", write("/dpi", "300"), "-o", path("fine.svg")});
        return outcome.code == 0 && test::contentOf(path("fine.svg")) == test::contentOf(path("base.svg"))
            ? QString()
            : "refused or another: " + outcome.err;
    }

    QTemporaryDir folder_;
    app::Tool tool_{1};
    Json recipe_;
};

QTEST_MAIN(TestFigureRecipe)
#include "tst_figure_recipe.moc"
