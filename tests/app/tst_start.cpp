// What the program opens first: its own files, or those on the command line.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/idle.h"
#include "app/resources.h"
#include "app/tour.h"
#include "app/window.h"

#include "widgets/views/view_table.h"

#include "tests/support/test.h"

#include <QFileInfo>
#include <QSettings>
#include <QTemporaryDir>

using namespace fovea;

class TestStart : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(folder_.isValid());
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
    }

    void aPictureAloneIsLookedAtByTheBundledModel()
    {
        app::Tool tool(1);
        tool.loadPlugins({FOVEA_PLUGINS});
        app::Studio studio(tool);
        const QString picture = QString::fromStdString(app::bundledSamples().back());
        studio.session().open(app::filesToOpen({picture}));
        QVERIFY(app::waitUntilIdle(studio.window(), 60000));
        const Slot& slot = studio.session().slot();
        QCOMPARE(slot.modelPath, app::bundledModels().front());
        QCOMPARE(slot.input->path, picture.toStdString());
        QVERIFY(slot.base);
    }

    void whatComesWithAModelIsOpenedAsItIs()
    {
        const QStringList files = app::firstFiles();
        QCOMPARE(app::filesToOpen({}), files);
        QCOMPARE(app::filesToOpen(files), files);
        QCOMPARE(app::filesToOpen({files[0]}), QStringList{files[0]});
    }

    void theTourDrawsEveryViewOfItsWorkspace()
    {
        app::Tool tool(1);
        tool.loadPlugins({FOVEA_PLUGINS});
        app::Studio studio(tool);
        const QString folder = folder_.filePath("tour");
        QStringList files;
        app::renderTour(
            studio.window(), {app::firstFiles(), folder, [&](const QString& file) { files.append(file); }});
        const QStringList ofLabs{
            "curves", "head-courses", "step-maps", "compare"}; // the tour trains for them
        const QStringList elsewhere{
            "methods-measured", // takes minutes; the others are of the Spectrum workspace
            "filter-grid", "filter", "filter-brush", "filter-bands", "token-spectrum", "mixing",
            "band-spectra", "log-amplitude", "low-pass-sweep",
            // and of the Tokens workspace
            "kept", "token-scores", "survival", "score-histogram", "token-threshold", "token-fate",
            "token-heat", "token-strip", "cost-accuracy",
            // and of many configs of a lab, which a recipe names
            "theory-curves", "lab-sweep"};
        for (const ViewEntry& entry : viewTable())
            for (const char* ending : {".pdf", ".png"}) {
                if (elsewhere.contains(entry.id))
                    continue;
                const QString workspace = ofLabs.contains(entry.id) ? "/dynamics-" : "/view-";
                const QString file = folder + workspace + entry.id + ending;
                QVERIFY2(files.contains(file) && QFileInfo(file).size() > 1000, qPrintable(file));
            }
        QVERIFY(files.contains(folder + "/window-dark-2560.png"));
        QVERIFY(files.contains(folder + "/dynamics-dark-2560.png"));
    }

private:
    QTemporaryDir folder_;
};

QTEST_MAIN(TestStart)
#include "tst_start.moc"
