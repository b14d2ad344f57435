// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/resources.h"

#include <QCoreApplication>
#include <QDir>

#include <algorithm>

namespace fovea::app {

namespace {

std::vector<std::string> filesIn(const QString& folder, const QStringList& patterns)
{
    std::vector<std::string> files;
    const QDir dir(QString::fromStdString(resourcesFolder()) + "/" + folder);
    for (const QFileInfo& file : dir.entryInfoList(patterns, QDir::Files, QDir::Name))
        files.push_back(file.absoluteFilePath().toStdString());
    return files;
}

constexpr auto prefix = "resources";

void nameFolder() { QDir::setSearchPaths(prefix, {QString::fromStdString(resourcesFolder())}); }
Q_COREAPP_STARTUP_FUNCTION(nameFolder)

}

std::string resourcesFolder()
{
    const QString installed = QCoreApplication::applicationDirPath() + "/../share/fovea";
    for (const QString& folder :
        {qEnvironmentVariable("FOVEA_RESOURCES"), installed, QStringLiteral(FOVEA_SOURCE_RESOURCES)})
        if (!folder.isEmpty() && QDir(folder).exists("models"))
            return QDir(folder).canonicalPath().toStdString();
    return {};
}

std::vector<std::string> bundledModels()
{
    std::vector<std::string> models = filesIn("models", {"*.h5"});
    std::stable_partition(models.begin(), models.end(),
        [](const std::string& path) { return path.ends_with("/vit_micro_shapes.h5"); });
    return models;
}

std::vector<std::string> bundledSamples()
{
    std::vector<std::string> pictures = filesIn("samples", {"*.png", "*.jpg"});
    std::erase_if(pictures, [](const std::string& path) { return path.find(".mask-") != std::string::npos; });
    return pictures;
}

QString recipePath(const std::string& path)
{
    const QFileInfo file(QString::fromStdString(path));
    const QString full = file.exists() ? file.canonicalFilePath() : QDir::cleanPath(file.absoluteFilePath());
    const QString own = QString::fromStdString(resourcesFolder()) + '/';
    if (path.empty())
        return {};
    return own.size() > 1 && full.startsWith(own) ? QString(prefix) + ':' + full.mid(own.size()) : full;
}

}
