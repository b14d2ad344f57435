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
    Studio studio(tool);
    const QString folder = QString::fromStdString(arguments.value("output", "tour"));
    std::vector<std::string> files;
    for (const QString& file : renderTour(studio.window(), open, folder))
        files.push_back(QDir::current().absoluteFilePath(file).toStdString());
    if (arguments.has("json"))
        return Tool::printJson({{"files", files}});
    for (const std::string& file : files)
        Tool::print(file);
}

}
