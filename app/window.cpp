// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window.h"

#include "app/document.h"
#include "app/resources.h"

#include <QApplication>

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
            const std::string& path, const Job::Context&) { return openDocument(*registry, path); }};
}

Studio::Studio(Tool& tool)
    : session_(std::make_unique<Session>(servicesOf(tool)))
    , window_(std::make_unique<MainWindow>(
          *session_, WindowContent{texts(bundledModels()), texts(bundledSamples()), tool.pluginFailures()}))
{
}

QStringList firstFiles()
{
    const auto models = bundledModels(), samples = bundledSamples();
    if (models.empty() || samples.empty())
        return {};
    return texts({models.front(), samples.front()});
}

int runWindow(const QStringList& files)
{
    Tool tool(0);
    tool.loadPlugins({});
    Studio studio(tool);
    studio.window().show();
    studio.session().open(files.isEmpty() ? firstFiles() : files);
    return QApplication::exec();
}

}
