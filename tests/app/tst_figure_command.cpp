// What the window exports, `fovea figure` makes again from the file alone, byte for byte.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export_dialog.h"
#include "app/figure_export.h"
#include "app/tour.h"
#include "app/window.h"

#include "widgets/panels/message_bar.h"
#include "widgets/session/patterns.h"
#include "widgets/views/view.h"
#include "widgets/views/view_table.h"

#include "tests/support/test.h"

#include <QAction>
#include <QDir>
#include <QFile>
#include <QHashSeed>
#include <QLabel>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>

using namespace fovea;
using test::contentOf;

class TestFigureCommand : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
        tool_.loadPlugins({(program_ + "/plugins").toStdString()});
        studio_ = std::make_unique<app::Studio>(tool_);
        studio_->window().show();
        studio_->session().open(app::firstFiles());
        QVERIFY(app::waitUntilIdle(studio_->window()));
        QVERIFY2(!studio_->session().patterns().empty(), qPrintable(studio_->window().messages().text()));
        Selection selection = studio_->session().selection();
        selection.layer = 2;
        studio_->session().setSelection(selection);
    }

    void commandLineMakesTheSameBytes_data()
    {
        QTest::addColumn<QString>("view");
        QTest::addColumn<QString>("ending");
        for (const char* view : {"overlay", "head-grid", "matrix", "head-scatter", "rollout", "classes"})
            for (const char* ending : {"pdf", "svg", "png"})
                QTest::addRow("%s.%s", view, ending) << view << ending;
    }
    void commandLineMakesTheSameBytes()
    {
        QFETCH(const QString, view);
        QFETCH(const QString, ending);
        const QString exported = folder_.filePath(view + '.' + ending),
                      again = folder_.filePath("again." + ending);
        const QByteArray expected = exportedBy(view, exported);
        QVERIFY2(!expected.isEmpty(), qPrintable(studio_->window().messages().text()));
        const QString said = call({"figure", exported, "-o", again});
        QVERIFY2(said.isEmpty(), qPrintable(said));
        QVERIFY(contentOf(again) == expected);
    }

    void theNameOfAFileDoesNotMatter_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("input");
        QTest::newRow("bundled") << studio_->window().session().slot().modelPath.c_str()
                                 << studio_->session().slot().input->path.c_str();
        QTest::newRow("own") << folder_.filePath("own.h5") << folder_.filePath("own.png");
    }
    void theNameOfAFileDoesNotMatter()
    {
        QFETCH(const QString, model);
        QFETCH(const QString, input);
        Session& session = studio_->session();
        if (!QFile::exists(model)) {
            QVERIFY(QFile::copy(QString::fromStdString(session.slot().modelPath), model));
            QVERIFY(QFile::copy(QString::fromStdString(session.slot().input->path), input));
            session.open({model, input});
            QVERIFY(app::waitUntilIdle(studio_->window()));
        }
        Selection selection;
        selection.layer = 3;
        selection.reading = HeadReading::Mean;
        selection.direction = Direction::KeyColumn;
        selection.pin.key = Spot{"cls", {}};
        session.setSelection(selection);
        const QDir here(folder_.path());
        for (const char* ending : {"pdf", "svg", "png", "csv", "npy", "h5"}) {
            const QString exported = folder_.filePath(QString("named.") + ending);
            const QByteArray expected = exportedBy("overlay", exported);
            QVERIFY2(!expected.isEmpty(), qPrintable(studio_->window().messages().text()));
            const QStringList line{"figure", "overlay", "--model", here.relativeFilePath(model), "--input",
                here.relativeFilePath(input), "--option", "key=cls", "--option", "direction=key", "--option",
                "reading=mean", "--option", "layer=3", "-o", QString("line.") + ending};
            const QString said = call(line);
            QVERIFY2(said.isEmpty(), qPrintable(said));
            QVERIFY2(contentOf(folder_.filePath(QString("line.") + ending)) == expected, ending);
        }
    }

    void whatIsHoveredAndBrushedIsInTheRecipe()
    {
        Session& session = studio_->session();
        Selection selection;
        selection.hover.query = Spot{{}, {5, 9}};
        selection.hover.key = Spot{{}, {20, 20}};
        selection.brushed = {{1, 1}, {2, 0}};
        session.setSelection(selection);
        for (const char* view : {"overlay", "head-grid", "head-scatter", "matrix"}) {
            const QByteArray expected = exportedBy(view, folder_.filePath("hovered.svg"));
            QVERIFY(call({"figure", "hovered.svg", "-o", "again.svg"}).isEmpty());
            QVERIFY2(contentOf(folder_.filePath("again.svg")) == expected, view);
        }
    }

    void aMovedFigureIsDrawnAgain()
    {
        QDir folder(folder_.path());
        QVERIFY(folder.mkpath("was") && folder.mkpath("is"));
        for (const char* name : {"own.h5", "own.png"})
            QVERIFY(QFile::copy(folder.filePath(name), folder.filePath(QString("was/") + name)));
        QVERIFY(
            call({"figure", "matrix", "--model", "was/own.h5", "--input", "was/own.png", "-o", "was/f.svg"})
                .isEmpty());
        const QByteArray drawn = contentOf(folder.filePath("was/f.svg"));
        for (const char* name : {"own.h5", "own.png", "f.svg"})
            QVERIFY(folder.rename(QString("was/") + name, QString("is/") + name));
        QVERIFY(call({"figure", "is/f.svg", "-o", "beside.svg"}).isEmpty());
        QVERIFY(contentOf(folder.filePath("beside.svg")) == drawn);
        studio_->session().open({folder.filePath("is/f.svg")});
        QVERIFY(app::waitUntilIdle(studio_->window()));
        QCOMPARE(studio_->session().slot().modelPath, folder.filePath("is/own.h5").toStdString());

        QVERIFY(folder.rename("is/own.h5", "is/other.h5"));
        const QString missing = call({"figure", "is/f.svg", "-o", "located.svg"});
        QVERIFY2(missing.contains("was/own.h5") && missing.contains("--model"), qPrintable(missing));
        QVERIFY(call({"figure", "is/f.svg", "--model", "is/other.h5", "-o", "located.svg"}).isEmpty());
        QVERIFY(contentOf(folder.filePath("located.svg")) == drawn);
        const QString wrong = call({"figure", "is/f.svg", "--model", "is/other.h5", "--input",
            QStringLiteral(FOVEA_RESOURCES "/samples/fashion_coat_6.png"), "-o", "wrong.svg"});
        const auto& found = studio_->session().slot();
        QVERIFY2(wrong.contains("fashion_coat_6.png") && wrong.contains(found.input->hash.c_str())
                && wrong.contains("a7e4dfb5bca9a108"),
            qPrintable(wrong));
        QVERIFY(!folder.exists("wrong.svg"));
    }

    void aTraceIsToldFromAnother()
    {
        const QString model = QStringLiteral(FOVEA_RESOURCES "/models/vit_micro_fashion.h5"),
                      samples = QStringLiteral(FOVEA_RESOURCES "/samples/");
        QVERIFY(call({"run", model, samples + "fashion_coat_6.png", "-o", "coat.h5"}).isEmpty());
        QVERIFY(call({"run", model, samples + "fashion_bag_18.png", "-o", "bag.h5"}).isEmpty());
        QVERIFY(call({"figure", "matrix", "--model", "coat.h5", "-o", "trace.svg"}).isEmpty());
        QVERIFY(QFile::copy(folder_.filePath("coat.h5"), folder_.filePath("moved.h5")));
        QVERIFY(call({"figure", "trace.svg", "--model", "moved.h5", "-o", "again.svg"}).isEmpty());
        QVERIFY(contentOf(folder_.filePath("again.svg")) == contentOf(folder_.filePath("trace.svg")));
        const QString wrong = call({"figure", "trace.svg", "--model", "bag.h5", "-o", "wrong.svg"});
        QVERIFY2(wrong.contains("bag.h5 is not the file that was used then"), qPrintable(wrong));
        QVERIFY(!QFile::exists(folder_.filePath("wrong.svg")));
    }

    void aTraceThatIsPatchedInIsToldFromAnother()
    {
        const QString model = QStringLiteral(FOVEA_RESOURCES "/models/vit_micro_fashion.h5"),
                      samples = QStringLiteral(FOVEA_RESOURCES "/samples/"),
                      from = folder_.filePath("from.h5");
        QVERIFY(call({"run", model, samples + "fashion_bag_18.png", "-o", from}).isEmpty());
        QVERIFY(call({"figure", "matrix", "--model", model, "--input", samples + "fashion_coat_6.png",
                         "--edit", "blocks.2.attn.pattern=patch:" + from, "-o", "patched.svg"})
                    .isEmpty());
        QVERIFY(call({"figure", "patched.svg", "-o", "again.svg"}).isEmpty());
        QVERIFY(contentOf(folder_.filePath("again.svg")) == contentOf(folder_.filePath("patched.svg")));
        QVERIFY(call({"run", model, samples + "fashion_coat_6.png", "-o", from}).isEmpty());
        const QString wrong = call({"figure", "patched.svg", "-o", "wrong.svg"});
        QVERIFY2(wrong.contains("from.h5 is not the file that was used then"), qPrintable(wrong));
        QVERIFY(!QFile::exists(folder_.filePath("wrong.svg")));
    }

    void aFigureOfADataSetNeedsNoInput()
    {
        const QString model = QStringLiteral(FOVEA_RESOURCES "/models/spectformer_micro_shapes.h5");
        const QStringList line{"figure", "low-pass-sweep", "--model", model, "--data",
            "shapes:train=8,test=9", "--option", "study_count=2"};
        QCOMPARE(call(line + QStringList{"-o", "sweep.csv"}), QString());
        for (const char* cut : {"low-pass", "equal-number", "equal-energy"}) {
            const QByteArray table
                = contentOf(folder_.filePath(QString("sweep.low-pass-sweep.%1.csv").arg(cut)));
            QVERIFY2(table.startsWith("item,layer,radius,accuracy,"), table.left(300));
        }
        QCOMPARE(call(line + QStringList{"-o", "sweep.svg"}), QString());
        QCOMPARE(call({"figure", "sweep.svg", "-o", "again.svg"}), QString()); // the recipe has the data set
        QVERIFY(contentOf(folder_.filePath("again.svg")) == contentOf(folder_.filePath("sweep.svg")));
        const QString twice = call({"figure", "sweep.svg", "--data", "shapes", "-o", "wrong.svg"});
        QVERIFY2(twice.contains("--data: the recipe says this"), qPrintable(twice));
        const QString none
            = call({"figure", "filter-grid", "--model", model, "--data", "shapes", "-o", "wrong.svg"});
        QVERIFY2(none.contains("filter-grid asks about no data set"), qPrintable(none));
        const QString both = call(line + QStringList{"--option", "study_data=shapes", "-o", "wrong.svg"});
        QVERIFY2(both.contains("study_data says this"), qPrintable(both));
        const QString bad = call({"figure", "low-pass-sweep", "--model", model, "--data", "shapes:size=32",
            "--option", "study_count=2", "-o", "wrong.svg"});
        QVERIFY2(bad.contains("expected pictures [3, 64, 64]"), qPrintable(bad));
        QVERIFY(!QFile::exists(folder_.filePath("wrong.svg")));
    }

    void aFigureOfFiltersNeedsNoInput()
    {
        const QString model = QStringLiteral(FOVEA_RESOURCES "/models/spectformer_micro_shapes.h5");
        const QStringList line{"figure", "filter-grid", "--model", model};
        QCOMPARE(call(line + QStringList{"-o", "plain.svg"}), QString());
        QCOMPARE(call(line + QStringList{"--preset", "gfnet", "-o", "preset.svg"}), QString());
        QCOMPARE(
            call(line
                + QStringList{"--option", "scale=shown", "--option", "colors=YlGnBu", "-o", "spelt.svg"}),
            QString());
        const auto content = [&](const char* name) { return contentOf(folder_.filePath(name)); };
        QVERIFY(!content("plain.svg").isEmpty() && content("preset.svg") == content("spelt.svg"));
        QVERIFY(content("plain.svg") != content("preset.svg"));
        QCOMPARE(call(line + QStringList{"--preset", "gfnet", "--option", "colors=greys", "-o", "grey.svg"}),
            QString());
        QVERIFY(content("grey.svg") != content("preset.svg")); // an option goes before it
        const QString none = call(line + QStringList{"--preset", "vit", "-o", "wrong.svg"});
        QVERIFY2(none.contains("none that is called 'vit'; there are gfnet (filter-grid)"), qPrintable(none));
        const QString again = call({"figure", "preset.svg", "--preset", "gfnet", "-o", "wrong.svg"});
        QVERIFY2(again.contains("--preset: the recipe says this"), qPrintable(again));
        QVERIFY(!QFile::exists(folder_.filePath("wrong.svg")));
    }

    void aLowPassChangesWhatFiltersSay()
    {
        const QString model = QStringLiteral(FOVEA_RESOURCES "/models/spectformer_micro_shapes.h5"),
                      picture = QStringLiteral(FOVEA_RESOURCES "/samples/shapes_star_5.png");
        const QString trace = folder_.filePath("low.h5");
        QCOMPARE(
            call({"run", model, picture, "--edit", "blocks.0.filter=lowpass:0.3", "-o", trace}), QString());
        QCOMPARE(call({"figure", "filter-grid", "--model", model, "--input", picture, "--edit",
                     "blocks.0.filter=lowpass:0.3", "-o", "low.csv"}),
            QString());
        const QString table
            = QString::fromUtf8(contentOf(folder_.filePath("low.blocks.0.filter.weight.magnitude.csv")));
        const QStringList lines = table.split('\n', Qt::SkipEmptyParts);
        const QStringList head = lines.value(0).split(',');
        QVERIFY2(lines.size() > 8 && head.value(2) == "kx -0.5", qPrintable(lines.value(0)));
        int kept = 0, cut = 0;
        for (const QString& line : lines.mid(1)) {
            const QStringList cells = line.split(',');
            for (qsizetype x = 2; x < cells.size(); ++x) {
                const double radius = std::hypot(cells[1].toDouble(), head[x].section(' ', 1).toDouble());
                if (radius > 0.3)
                    QVERIFY2(std::abs(cells[x].toDouble()) < 1e-5, qPrintable(line));
                (radius > 0.3 ? cut : kept) += 1;
            }
        }
        QVERIFY(kept > 0 && cut > kept);
        const QString wrong = call({"run", model, picture, "--edit", "blocks.0.filter=lowpass:x"});
        QVERIFY2(wrong.contains("lowpass"), qPrintable(wrong));
    }

    void thePreviewFollows()
    {
        app::ExportDialog& dialog = studio_->window().exportDialog();
        dialog.open(studio_->window().view("overlay"));
        QTRY_VERIFY(!dialog.findChild<QTimer*>()->isActive()); // nothing else is due to draw it again
        const auto* preview = dialog.findChild<QLabel*>("preview");
        const QImage before = preview->pixmap().toImage();
        Selection selection = studio_->session().selection();
        selection.layer = selection.layer == 4 ? 5 : 4;
        studio_->session().setSelection(selection);
        QTRY_VERIFY(preview->pixmap().toImage() != before);
        dialog.close();
    }

    void withoutAModelThereIsAMessage()
    {
        app::Studio empty(tool_);
        empty.window().show();
        empty.window().action("export")->trigger();
        QVERIFY(!empty.window().exportDialog().isVisible());
        QVERIFY2(empty.window().messages().text().contains("nothing to export"),
            qPrintable(empty.window().messages().text()));
    }

private:
    QByteArray exportedBy(const QString& view, const QString& file)
    {
        app::ExportDialog& dialog = studio_->window().exportDialog();
        dialog.open(studio_->window().view(view));
        app::waitUntilIdle(studio_->window()); // one that was behind a tab computes now
        dialog.exportTo(file);
        app::waitUntilIdle(studio_->window());
        const bool ended = QTest::qWaitFor([&] { return !dialog.job()->isRunning(); });
        return ended ? contentOf(file) : QByteArray();
    }

    /// What the command line said on stderr, called in the folder; empty: all went well.
    QString call(const QStringList& arguments) const
    {
        QProcess line;
        line.setWorkingDirectory(folder_.path());
        line.start(program_ + "/fovea", arguments);
        if (!line.waitForFinished() || line.exitCode() != 0)
            return "failed: " + line.readAllStandardError();
        return line.readAllStandardError();
    }

    const QString program_ = qEnvironmentVariable("FOVEA_BIN");
    QTemporaryDir folder_;
    app::Tool tool_{1};
    std::unique_ptr<app::Studio> studio_; // the tool outlives it
};

int main(int argc, char** argv)
{
    QHashSeed::setDeterministicGlobalSeed(); // as the program does
    QApplication application(argc, argv);
    TestFigureCommand test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_figure_command.moc"
