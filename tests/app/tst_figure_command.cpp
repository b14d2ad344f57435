// What the window exports, `fovea figure` makes again from the file alone, byte for byte.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export_dialog.h"
#include "app/tour.h"
#include "app/window.h"

#include "widgets/panels/message_bar.h"
#include "widgets/session/patterns.h"
#include "widgets/views/view.h"
#include "widgets/views/view_table.h"

#include "tests/support/test.h"

#include <QFile>
#include <QHashSeed>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>

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
        app::ExportDialog& dialog = studio_->window().exportDialog();
        dialog.open(studio_->window().view(view));
        dialog.exportTo(exported);
        QTRY_VERIFY(!dialog.job()->isRunning());
        const QByteArray expected = contentOf(exported);
        QVERIFY2(!expected.isEmpty(), qPrintable(studio_->window().messages().text()));
        QProcess line;
        line.start(program_ + "/fovea", {"figure", exported, "-o", again});
        QVERIFY(line.waitForFinished());
        QVERIFY2(line.exitCode() == 0, line.readAllStandardError().constData());
        QVERIFY(contentOf(again) == expected);
    }

private:
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
