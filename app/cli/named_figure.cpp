// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/named_figure.h"

#include "app/cli/report.h"

#include "widgets/labs/lab_studies.h"
#include "widgets/session/display.h"

#include "core/tensor/error.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QRegularExpression>

namespace fovea::app {

namespace {

/// Another text than the one that comes with the program, which the lab of a paper's figure learns.
void applyData(figure::Recipe& recipe, const Arguments& arguments)
{
    if (!arguments.has("data"))
        return;
    const QString file = QString::fromStdString(arguments.value("data"));
    QString json = QString::fromUtf8(QJsonDocument(recipe.lab).toJson());
    static const QRegularExpression own(QStringLiteral("resources:[^:,;|()\"]+"));
    if (!json.contains(own))
        throw UsageError("--data: this figure learns no file");
    if (!QFileInfo(file).isFile())
        throw UsageError("--data: expected a text file, found '" + file.toStdString() + "'");
    if (file.contains(QRegularExpression(QStringLiteral("[:,;|()\"\\\\]"))))
        throw UsageError("--data: expected a path without any of : , ; | ( ) \" \\");
    recipe.lab
        = QJsonDocument::fromJson(json.replace(own, QFileInfo(file).absoluteFilePath()).toUtf8()).object();
}

}

void applyOver(figure::Recipe& recipe, const Arguments& arguments)
{
    applyData(recipe, arguments);
    Config display = configFrom(displaySchema(), recipe.settings, "settings");
    Config study = LabStudies::studyIn(recipe.lab);
    for (const auto& [name, value] : settings(arguments, "option"))
        setField(findField(labStudySchema(), name) ? study : display, "option", name, value);
    recipe.settings = toJson(display);
    const QJsonObject said = LabStudies::described(study);
    for (const QString& field : said.keys())
        recipe.lab[field] = said[field];
    recipe.dpi = static_cast<int>(
        arguments.number("dpi", recipe.dpi, figure::Recipe::leastDpi, figure::Recipe::mostDpi));
}

}
