// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window.h"

#include "app/catalogue/sweeps.h"
#include "app/document.h"
#include "app/picture_file.h"
#include "app/resources.h"
#include "app/sanity.h"

#include "widgets/session/patterns.h"

#include <QApplication>
#include <QFileInfo>
#include <QIcon>
#include <QRegularExpression>
#include <QScopeGuard>

#include <algorithm>

namespace fovea::app {

namespace {

QStringList texts(const std::vector<std::string>& paths)
{
    QStringList all;
    for (const std::string& path : paths)
        all.append(QString::fromStdString(path));
    return all;
}

}

Services servicesOf(Tool& tool)
{
    return {&tool.registry(), tool.pool(),
        [registry = &tool.registry()](
            const std::string& path, const Answers& answers, const Job::Context& context) {
            return openDocument(*registry, path, {answers, {}, context.stop});
        },
        [](const std::string& text, const StopToken& stop) {
            return train::openDataSet(text, {readPicture, stop});
        },
        std::make_shared<Pool>(tool.pool()->threads(), Pool::Manner::GivesWay), sanityMemory()};
}

Studio::Studio(Tool& tool)
    : session_(std::make_unique<Session>(servicesOf(tool)))
    , window_(std::make_unique<MainWindow>(
          *session_, WindowContent{texts(bundledModels()), texts(bundledSamples()), tool.pluginFailures()}))
{
    SweepMemory::give(*session_, sweepMemory());
}

QStringList firstFiles()
{
    const auto models = bundledModels(), samples = bundledSamples();
    if (models.empty() || samples.empty())
        return {};
    // a picture of the kind that the model was trained on, with several objects when there is one:
    // vit_micro_shapes looks at shapes_A_and_B_*
    const QString kind
        = QFileInfo(QString::fromStdString(models.front())).completeBaseName().section('_', -1);
    const auto fits = [&](const std::string& sample, const char* rest) {
        const QString name = QFileInfo(QString::fromStdString(sample)).fileName();
        return QRegularExpression('^' + kind + rest).match(name).hasMatch();
    };
    for (const char* rest : {"_.*_and_", "_"}) {
        const auto found
            = std::ranges::find_if(samples, [&](const auto& sample) { return fits(sample, rest); });
        if (found != samples.end())
            return texts({models.front(), *found});
    }
    return texts({models.front(), samples.front()});
}

QStringList filesToOpen(const QStringList& files)
{
    if (files.isEmpty())
        return firstFiles();
    const bool arePictures
        = std::ranges::all_of(files, [](const QString& file) { return isPicture(file.toStdString()); });
    return arePictures ? texts(bundledModels()).mid(0, 1) + files : files;
}

namespace {

/// As if the mouse lay on the middle of the picture, until it moves: the first thing seen is attention at
/// work.
void pointAtMiddle(Session& session)
{
    const auto once = std::make_shared<QMetaObject::Connection>();
    *once = QObject::connect(&session, &Session::traceChanged, &session, [&session, once] {
        const Patterns& patterns = session.patterns();
        if (patterns.empty())
            return;
        QObject::disconnect(*once);
        Selection selection = session.selection();
        selection.hover.query = Spot{{}, patterns.queries(0).extent().centre()};
        session.setSelection(selection);
    });
}

}

int runWindow(const QStringList& files)
{
    QGuiApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/org.fovea.Fovea.svg")));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.fovea.Fovea"));
    Tool tool(0);
    const auto jobsEnd = qScopeGuard(&Job::waitForAll); // they use the tool's plugins
    tool.loadPlugins({});
    Studio studio(tool);
    if (files.isEmpty())
        pointAtMiddle(studio.session());
    studio.window().show();
    studio.session().open(filesToOpen(files));
    return QApplication::exec();
}

}
