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

#include "core/io/naming.h"
#include "core/tensor/error.h"

#include <QFileInfo>

namespace fovea::app {

namespace {

bool isRecipeFile(const QString& word)
{
    return QStringList{"json", "pdf", "svg", "png"}.contains(QFileInfo(word).suffix().toLower());
}

std::string join(const std::vector<std::string>& names)
{
    std::string all;
    for (const std::string& name : names)
        all += (all.empty() ? "" : ", ") + name;
    return all;
}

/// From a .json file, or out of a figure that was made before.
figure::Recipe recipeFrom(const QString& path)
{
    if (const auto recipe = figure::readRecipe(path))
        return *recipe;
    throw Error(path.toStdString(), "expected a figure made by Fovea, found no recipe in it");
}

std::string specialIn(const std::string& name, const TokenLayout& layout)
{
    if (layout.specialNamed(name) < 0)
        throw UsageError("'" + name + "' is no token: expected row,column or a special token ("
            + (layout.specialNames().empty() ? "there is none" : join(layout.specialNames())) + ")");
    return name;
}

/// "cls", or "7,4" as row and column of the input's grid.
Spot spotOf(const std::string& text, const Session& session)
{
    if (session.patterns().empty())
        throw UsageError("'" + text + "' is no token: nothing here speaks of tokens");
    const TokenLayout& layout = session.patterns().queries(session.selection().layer);
    const QStringList parts = QString::fromStdString(text).split(',');
    if (parts.size() != 2)
        return {specialIn(text, layout), {}};
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

/// --option NAME=VALUE: layer, head, query, key, or a display setting.
void applyOptions(Session& session, const Arguments& arguments)
{
    Selection selection = session.selection();
    Config display = configOf(session.display());
    for (const auto& [name, value] : settings(arguments, "option")) {
        if (name == "layer")
            selection.layer = numberOf(name, value, session.patterns().layers());
        else if (name == "head")
            selection.head = numberOf(name, value, session.patterns().mostHeads());
        else if (name == "query")
            selection.pin.query = spotOf(value, session);
        else if (name == "key")
            selection.pin.key = spotOf(value, session);
        else
            setField(display, "option", name, value);
        if (name == "rollout_start")
            numberOf(name, value, session.patterns().layers());
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

/// Where a window would show what it can and say what it cannot, a command refuses.
Services strictServices(Tool& tool, const figure::Recipe& recipe)
{
    Services services = servicesOf(tool);
    services.open = [open = services.open, model = recipe.model.path.toStdString(),
                        input = recipe.input.path.toStdString()](
                        const std::string& path, const Answers& answers, const Job::Context& context) {
        Document document = open(path, answers, context);
        if (path == input && !document.input)
            throw Error(
                path, "expected an input, found " + std::string(document.trace ? "a trace" : "weights"));
        if (path == model && document.input)
            throw Error(path, "expected weights or a trace, found an input");
        requireFinite(path, document.tensors);
        return document;
    };
    return services;
}

/// Lets all work end; what a Job threw comes out here.
void settle(const Session& session, const QList<View*>& views, const StopToken& stop)
{
    waitUntilIdle(session, views, stop);
    for (const Job* job : session.jobs())
        job->rethrow();
}

/// A session with model, input and edits of a recipe, all work done.
std::unique_ptr<Session> openSession(Tool& tool, const figure::Recipe& recipe)
{
    auto session = std::make_unique<Session>(strictServices(tool, recipe));
    std::string needed; // no other file and no answer is asked for here
    QObject::connect(session.get(), &Session::needed, [&](const OpenRequest& request) {
        needed = request.questions ? request.questions->what() : request.path + ": there is no such file";
    });
    QObject::connect(session.get(), &Session::noted,
        [&](const QString& text) { Tool::say("fovea: " + text.toStdString()); });
    for (Job* job : session->jobs())
        QObject::connect(job, &Job::progressed, Tool::progress);
    QStringList files{recipe.model.path};
    if (!recipe.input.path.isEmpty())
        files.append(recipe.input.path);
    session->proceed({files, {}, {{recipe.model.path.toStdString(), answersFrom(recipe.model.answers)}}});
    settle(*session, {}, tool.stop());
    if (!needed.empty())
        throw Error(needed);
    const Slot& slot = session->slot();
    refuseOtherFile(recipe.model, slot.weights ? slot.weights->parts().hash : std::string());
    refuseOtherFile(recipe.input, slot.input ? slot.input->hash : std::string());
    std::vector<Edit> edits;
    for (const QString& edit : recipe.edits)
        edits.push_back(Edit::parse(edit.toStdString()));
    if (!edits.empty() && !slot.weights)
        throw UsageError("a trace cannot be edited: give the model that made it");
    session->setEdits(edits, {});
    settle(*session, {}, tool.stop());
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

/// Draws the recipe; one without a selection yet gets it, and its size, from the options.
void draw(
    Tool& tool, const Arguments& arguments, figure::Recipe recipe, const QString& word, const QString& output)
{
    requireOther(output.toStdString(), {recipe.model.path.toStdString(), recipe.input.path.toStdString()});
    for (const auto& [field, value] : settings(arguments, "set"))
        recipe.model.answers[QString::fromStdString(field)] = QString::fromStdString(value);
    const auto session = openSession(tool, recipe);
    const auto view = makeView(recipe.view, *session);
    if (!view)
        throw UsageError(
            "there is no figure '" + recipe.view.toStdString() + "'; there are " + join(figureNames()));
    if (recipe.view == "sweep")
        session->startSweep();
    const bool isComplete = !recipe.selection.isEmpty();
    if (isComplete)
        io::naming(word.toStdString(), "field 'settings'", [&] { applyRecipe(recipe, *session); });
    else
        applyOptions(*session, arguments);
    settle(*session, {view.get()}, tool.stop());
    if (!isComplete) {
        const double width = figure::pointsOf(QString::fromStdString(arguments.value("width", "3.25in")));
        const auto dpi = arguments.number("dpi", 300, figure::Recipe::leastDpi, figure::Recipe::mostDpi);
        recipe = recipeOf(*view, *session, width, static_cast<int>(dpi));
        if (arguments.has("height"))
            recipe.size.heightPt = figure::pointsOf(QString::fromStdString(arguments.value("height")));
    }
    drawnFor(output, *view, recipe)();
    if (arguments.has("json"))
        Tool::printJson({{"figure", output.toStdString()},
            {"recipe", Json::parse(figure::toJson(recipe).toStdString())}});
    else
        Tool::print("wrote " + output.toStdString());
}

}

void runFigure(Tool& tool, const Arguments& arguments)
{
    const QString word = QString::fromStdString(arguments.required(0, "the name of a figure or a recipe"));
    const QString output = outputOf(word, arguments);
    figure::formatOf(output);
    if (!isRecipeFile(word))
        return draw(tool, arguments, recipeFromOptions(word, arguments), word, output);
    for (const char* option : {"model", "input", "edit", "option", "width", "height", "dpi"})
        if (arguments.has(option))
            throw UsageError(std::string("--") + option + ": the recipe says this");
    try {
        draw(tool, arguments, recipeFrom(word), word, output);
    } catch (const UsageError& error) {
        throw Error(word.toStdString(), error.what()); // the recipe's fault, not the user's
    }
}

}
