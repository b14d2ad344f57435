// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tour.h"

#include "app/cli/commands.h"
#include "app/window.h"

#include "core/tensor/error.h"

#include <QDir>

namespace fovea::app {

namespace {

/// A folder that was made for it and stayed empty goes again.
QStringList rendered(Studio& studio, const QStringList& open, const QString& folder)
{
    const bool isOurs = !QDir(folder).exists();
    try {
        return renderTour(studio.window(), open, folder);
    } catch (...) {
        if (isOurs)
            QDir().rmdir(folder); // only an empty one
        throw;
    }
}

}

void runTour(Tool& tool, const Arguments& arguments)
{
    const QStringList open = firstFiles();
    if (open.isEmpty())
        throw Error("the tour needs the bundled model and pictures, which were not found");
    Studio studio(tool);
    const QString folder = QString::fromStdString(arguments.value("output", "tour"));
    std::vector<std::string> files;
    for (const QString& file : rendered(studio, open, folder))
        files.push_back(QDir::current().absoluteFilePath(file).toStdString());
    if (arguments.has("json"))
        return Tool::printJson({{"files", files}});
    for (const std::string& file : files)
        Tool::print(file);
}

}
