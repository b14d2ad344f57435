// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/report.h"
#include "app/export_dialog.h"
#include "app/idle.h"
#include "app/window.h"

#include "widgets/figure/writer.h"
#include "widgets/session/display.h"
#include "widgets/session/patterns.h"
#include "widgets/views/view.h"
#include "widgets/views/view_table.h"

#include "core/tensor/error.h"

#include <QFileInfo>

namespace fovea::app {

namespace {

bool isRecipeFile(const QString& word)
{
    return QStringList{"json", "pdf", "svg", "png"}.contains(QFileInfo(word).suffix().toLower());
}

/// From a .json file, or out of a figure that was made before.
figure::Recipe recipeFrom(const QString& path)
{
    if (const auto recipe = figure::readRecipe(path))
        return *recipe;
    throw Error(path.toStdString(), "expected a figure made by Fovea, found no recipe in it");
}

/// "cls", or "7,4" as row and column of the input's grid.
Spot spotOf(const std::string& text, const Session& session)
{
    const QStringList parts = QString::fromStdString(text).split(',');
    if (parts.size() != 2)
        return {text, {}};
    const TokenLayout& layout = session.patterns().queries(session.selection().layer);
    bool isRow = false, isCol = false;
    const int row = parts[0].toInt(&isRow), col = parts[1].toInt(&isCol);
    if (!isRow || !isCol || row < 0 || col < 0 || row >= layout.gridRows() || col >= layout.gridCols())
        throw UsageError("'" + text + "' is no token: expected row,column below "
            + std::to_string(layout.gridRows()) + "," + std::to_string(layout.gridCols())
            + " or a special token");
    return {{}, layout.cellArea(row * layout.gridCols() + col).centre()};
}

int numberOf(const std::string& name, const std::string& value, int count)
{
    bool fine = false;
    const int n = QString::fromStdString(value).toInt(&fine);
    if (!fine || n < 0 || n >= count)
        throw UsageError(
            "--option " + name + ": expected 0 to " + std::to_string(count - 1) + ", found '" + value + "'");
    return n;
}

void setDisplay(Config& display, const std::string& name, const std::string& value)
{
    try {
        display.setText(name, value);
    } catch (const Error& error) {
        throw UsageError(std::string("--option: ") + error.what());
    }
}

/// --option NAME=VALUE: layer, head, query, key, or a display setting.
void applyOptions(Session& session, const Arguments& arguments)
{
    Selection selection = session.selection();
    Config display = configOf(session.display());
    for (const std::string& text : arguments.values("option")) {
        const auto [name, value] = splitSetting("option", text);
        if (name == "layer")
            selection.layer = numberOf(name, value, session.patterns().layers());
        else if (name == "head")
            selection.head = numberOf(name, value, session.patterns().mostHeads());
        else if (name == "query")
            selection.pin.query = spotOf(value, session);
        else if (name == "key")
            selection.pin.key = spotOf(value, session);
        else
            setDisplay(display, name, value);
    }
    session.setDisplay(displayFrom(display));
    session.setSelection(selection);
}

void refuseOtherFile(const figure::FileReference& expected, const std::string& found)
{
    if (!expected.sha256.isEmpty() && expected.sha256.toStdString() != found)
        throw Error(
            expected.path.toStdString(), "is not the file that the recipe was made from (SHA-256 differs)");
}

/// A session with model, input and edits of a recipe, all work done.
std::unique_ptr<Session> openSession(Tool& tool, const figure::Recipe& recipe)
{
    auto session = std::make_unique<Session>(servicesOf(tool));
    std::string failure;
    QObject::connect(
        session.get(), &Session::failed, [&](const QString& text) { failure = text.toStdString(); });
    QObject::connect(session.get(), &Session::needed, [&](const OpenRequest& request) {
        failure = request.questions->what();
    }); // no other file is asked for
    QObject::connect(session.get(), &Session::noted,
        [&](const QString& text) { Tool::say(recipe.model.path.toStdString() + ": " + text.toStdString()); });
    const auto settle = [&] {
        waitUntilIdle(*session, {}, tool.stop());
        if (!failure.empty())
            throw Error(failure);
    };
    QStringList files{recipe.model.path};
    if (!recipe.input.path.isEmpty())
        files.append(recipe.input.path);
    session->proceed({files, {}, {{recipe.model.path.toStdString(), answersFrom(recipe.model.answers)}}});
    settle();
    const Slot& slot = session->slot();
    refuseOtherFile(recipe.model, slot.weights ? slot.weights->parts().hash : std::string());
    refuseOtherFile(recipe.input, slot.input ? slot.input->hash : std::string());
    std::vector<Edit> edits;
    for (const QString& edit : recipe.edits)
        edits.push_back(Edit::parse(edit.toStdString()));
    if (!edits.empty()) {
        if (slot.weights) // a wrong edit is wrong usage, not bad data
            EditPlan(edits, slot.architecture->signalInfos(slot.weights->config()),
                slot.architecture->blocks(slot.weights->config()));
        session->setEdits(edits, {});
        settle();
    }
    session->disconnect();
    return session;
}

/// The recipe that the options describe; its size and settings are filled in when the view exists.
figure::Recipe recipeFromOptions(const QString& name, const Arguments& arguments)
{
    figure::Recipe recipe;
    recipe.view = name;
    recipe.model.path = QString::fromStdString(arguments.value("model"));
    recipe.input.path = QString::fromStdString(arguments.value("input"));
    if (recipe.model.path.isEmpty() || recipe.input.path.isEmpty())
        throw UsageError("figure: expected --model W.h5 and --input X");
    for (const std::string& edit : arguments.values("edit"))
        recipe.edits.append(QString::fromStdString(edit));
    return recipe;
}

/// Beside a .json recipe or called as the figure, when -o does not say it.
QString outputOf(const QString& word, const Arguments& arguments)
{
    if (arguments.has("output"))
        return QString::fromStdString(arguments.value("output"));
    if (!isRecipeFile(word))
        return word + ".pdf";
    if (!word.endsWith(".json", Qt::CaseInsensitive))
        throw UsageError("figure: expected -o FILE, so that '" + word.toStdString() + "' is not overwritten");
    return word.chopped(4) + "pdf";
}

}

QString figureNames()
{
    QStringList names;
    for (const ViewEntry& entry : viewTable())
        names.append(entry.id);
    return names.join(", ");
}

void runFigure(Tool& tool, const Arguments& arguments)
{
    const QString word = QString::fromStdString(arguments.required(0, "the name of a figure or a recipe"));
    const bool isRecipe = isRecipeFile(word);
    const QString output = outputOf(word, arguments);
    figure::formatOf(output);
    figure::Recipe recipe = isRecipe ? recipeFrom(word) : recipeFromOptions(word, arguments);
    for (const auto& [field, value] : settings(arguments))
        recipe.model.answers[QString::fromStdString(field)] = QString::fromStdString(value);
    const auto session = openSession(tool, recipe);
    const auto view = makeView(recipe.view, *session);
    if (!view)
        throw UsageError("there is no figure '" + recipe.view.toStdString() + "'; there are "
            + figureNames().toStdString());
    if (isRecipe) {
        applyRecipe(recipe, *session);
    } else {
        applyOptions(*session, arguments);
    }
    waitUntilIdle(*session, {view.get()}, tool.stop());
    if (!isRecipe) {
        const double width = figure::pointsOf(QString::fromStdString(arguments.value("width", "3.25in")));
        recipe = recipeOf(*view, *session, width, static_cast<int>(arguments.number("dpi", 300, 10, 10000)));
        if (arguments.has("height"))
            recipe.size.heightPt = figure::pointsOf(QString::fromStdString(arguments.value("height")));
    }
    figure::saveFile(figureBytes(*view, recipe, output), output);
    if (arguments.has("json"))
        Tool::printJson({{"figure", output.toStdString()},
            {"recipe", Json::parse(figure::toJson(recipe).toStdString())}});
    else
        Tool::print("wrote " + output.toStdString());
}

}
