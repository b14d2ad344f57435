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
        app::TourPlan plan{app::firstFiles(), folder, [&](const QString& file) { files.append(file); }};
        plan.chapters = app::bundledChapters();
        app::renderTour(studio.window(), plan);
        const QStringList leftOut{"methods-measured", "low-pass-sweep", "cost-accuracy", // they take long
            "theory-curves", "lab-sweep", // of many configs of a lab, which a recipe names
            "step-rows", "step-bars", "step-courses", "phase", "theory-meter"}; // of labs with a theory
        for (const ViewEntry& entry : viewTable()) {
            if (leftOut.contains(entry.id))
                continue;
            for (const char* ending : {".pdf", ".png"}) {
                const auto there = [&](const char* workspace) {
                    const QString file = folder + '/' + workspace + '-' + entry.id + ending;
                    return files.contains(file) && QFileInfo(file).size() > 1000;
                };
                QVERIFY2(
                    there("view") || there("spectrum") || there("tokens") || there("dynamics"), entry.id);
            }
        }
        for (const char* workspace : {"spectrum", "tokens"})
            QVERIFY2(files.contains(folder + '/' + workspace + "-light-1280.png"), workspace);
        QVERIFY(files.contains(folder + "/window-dark-2560.png"));
        QVERIFY(files.contains(folder + "/dynamics-dark-2560.png"));
    }

private:
    QTemporaryDir folder_;
};

QTEST_MAIN(TestStart)
#include "tst_start.moc"
