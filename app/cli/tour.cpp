// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tour.h"

#include "app/cli/commands.h"
#include "app/window.h"

#include "core/tensor/error.h"

#include <QDir>

namespace fovea::app {

void runTour(Tool& tool, const Arguments& arguments)
{
    const QStringList open = firstFiles();
    if (open.isEmpty())
        throw Error("the tour needs the bundled model and pictures, which were not found");
    const QString folder = QString::fromStdString(arguments.value("output", "tour"));
    const bool isOurs = !QDir(folder).exists();
    const bool isJson = arguments.has("json");
    std::vector<std::string> files;
    const auto wrote = [&](const QString& file) {
        files.push_back(QDir::current().absoluteFilePath(file).toStdString());
        if (!isJson)
            Tool::print(files.back());
    };
    Studio studio(tool);
    try {
        renderTour(studio.window(), {open, folder, wrote, tool.stop(), bundledChapters(), true});
    } catch (...) {
        if (isOurs)
            QDir().rmdir(folder); // only an empty one
        throw;
    }
    if (isJson)
        Tool::printJson({{"files", files}});
}

}
