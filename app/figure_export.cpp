// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figure_export.h"

#include "app/resources.h"

#include "widgets/figure/data_export.h"
#include "widgets/figure/writer.h"
#include "widgets/labs/lab_studies.h"
#include "widgets/session/player.h"
#include "widgets/session/selection_fields.h"
#include "widgets/views/view.h"
#include "widgets/views/view_table.h"

#include "core/tensor/error.h"

#include <QFileInfo>

#include <algorithm>

namespace fovea::app {

namespace {

bool isOfLab(const View& view)
{
    const auto entry = std::ranges::find_if(
        viewTable(), [&](const ViewEntry& one) { return view.id() == QLatin1String(one.id); });
    return entry != viewTable().end() && entry->subject == Subject::Lab;
}

figure::FileReference referenceTo(
    const std::string& path, const std::string& hash, const Answers& answers = {})
{
    return {recipePath(path), QString::fromStdString(hash), toJson(answers)};
}

}

figure::Recipe recipeOf(const View& view, const Session& session, double widthPt, int dpi)
{
    const Slot& slot = session.slot();
    figure::Recipe recipe;
    recipe.view = view.id();
    recipe.model = referenceTo(slot.modelPath, slot.modelHash, slot.answers);
    if (slot.input)
        recipe.input = referenceTo(slot.input->path, slot.input->hash);
    for (const Edit& edit : slot.edits)
        recipe.edits.append(QString::fromStdString(edit.text()));
    for (const auto& [path, hash] : slot.patches)
        recipe.patches.append(referenceTo(path, hash));
    recipe.selection = toJson(session.selection().held());
    recipe.settings = toJson(configOf(session.display()));
    const Config study = LabStudies::studyOf(session);
    const bool isOfStudy = isOfLab(view), namesLab = !study.text("lab_id").empty();
    if (slot.lab && !(isOfStudy && namesLab)) // which looks at no run
        recipe.lab = session.player().described();
    if (isOfStudy)
        recipe.lab.insert(QStringLiteral("study"), toJson(study));
    recipe.measured = view.measured();
    recipe.size = {widthPt, view.heightFor(widthPt, Style::paper())};
    recipe.dpi = dpi;
    return recipe;
}

bool isData(const QString& file)
{
    if (QStringList{"csv", "npy", "h5"}.contains(QFileInfo(file).suffix().toLower()))
        return true;
    figure::formatOf(file);
    return false;
}

std::function<QStringList()> exported(
    const QString& file, const View& view, const Session& session, const figure::Recipe& recipe)
{
    if (!view.missing().isEmpty())
        throw Error(file.toStdString(), "there is nothing to draw: " + view.missing().toStdString());
    if (!view.isReady())
        throw Error(file.toStdString(), "the view is still being computed");
    if (isData(file)) {
        const TracePtr& trace = session.slot().trace();
        return [data = view.data(), from = trace ? trace->provenance : Provenance(), file] {
            QStringList written;
            for (const std::string& name : figure::saveData(data, file.toStdString(), from))
                written.append(QString::fromStdString(name));
            return written;
        };
    }
    auto bytes = figure::drawFigure(
        figure::formatOf(file), recipe, [&view](QPainter& painter, const QRectF& rect, const Style& style) {
            view.paint(painter, rect, style);
        });
    return [bytes = std::move(bytes), file] {
        figure::saveFile(bytes(), file);
        return QStringList{file};
    };
}

}
