// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/catalogue/paper_figures.h"

#include "app/resources.h"

#include <QCollator>
#include <QDir>

#include <algorithm>

namespace fovea::app {

namespace {

QString figureFolder() { return QString::fromStdString(resourcesFolder()) + QStringLiteral("/figures"); }

}

std::vector<std::string> paperFigures()
{
    QStringList names;
    for (const QFileInfo& file : QDir(figureFolder()).entryInfoList({QStringLiteral("*.json")}, QDir::Files))
        names.append(file.completeBaseName());
    QCollator byNumber{QLocale(QLocale::English)};
    byNumber.setNumericMode(true);
    std::ranges::sort(names, [&](const QString& a, const QString& b) { return byNumber.compare(a, b) < 0; });
    std::vector<std::string> all;
    for (const QString& name : names)
        all.push_back(name.toStdString());
    return all;
}

QString paperFigureFile(const QString& name)
{
    const QString file = figureFolder() + QStringLiteral("/%1.json").arg(name);
    return !name.contains(QLatin1Char('/')) && QFileInfo(file).isFile() ? file : QString();
}

}
