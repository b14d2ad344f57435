// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/catalogue/paper_figures.h"
#include "app/cli/commands.h"
#include "app/cli/figure_options.h"
#include "app/cli/movie.h"
#include "app/cli/named_figure.h"
#include "app/cli/report.h"
#include "app/cli/strict_session.h"
#include "app/figure_export.h"

#include "widgets/figure/writer.h"
#include "widgets/labs/lab_studies.h"
#include "widgets/session/patterns.h"
#include "widgets/views/view.h"
#include "widgets/views/view_table.h"

#include "core/io/naming.h"
#include "core/source/execute.h"
#include "core/tensor/error.h"

#include <QFileInfo>
#include <QJsonDocument>

#include <algorithm>

namespace fovea::app {

namespace {

bool isRecipeFile(const QString& word)
{
    return QStringList{"json", "pdf", "svg", "png"}.contains(QFileInfo(word).suffix().toLower());
}

/// Model, input and edits as options say them.
SessionFile sessionFromOptions(const Arguments& arguments, Subject subject)
{
    SessionFile session;
    session.model.path = arguments.value("model");
    const std::vector<std::string> inputs = arguments.values("input");
    session.input.path = inputs.empty() ? std::string() : inputs.front();
    if (session.model.path.empty() && subject != Subject::Lab)
        throw UsageError("figure: expected --model W.h5 and --input X");
    for (const std::string& edit : arguments.values("edit"))
        session.edits.push_back(Edit::parse(edit));
    return session;
}

Subject subjectOf(const QString& view)
{
    const auto found = std::ranges::find_if(
        viewTable(), [&](const ViewEntry& entry) { return view == QLatin1String(entry.id); });
    return found == viewTable().end() ? Subject::Input : found->subject;
}

/// Several pictures are a strip.
void requireInputs(const QString& view, const Arguments& arguments)
{
    if (arguments.values("input").size() > 1 && view != QLatin1String("token-strip"))
        throw UsageError("--input: the figure " + view.toStdString() + " shows one input");
}

bool needsInput(const QString& view) { return subjectOf(view) == Subject::Input; }

/// --data is the option study_data in short.
void requireData(const QString& view, const Arguments& arguments)
{
    if (!arguments.has("data"))
        return;
    if (subjectOf(view) != Subject::Data)
        throw UsageError("--data: the figure " + view.toStdString() + " asks about no data set");
    for (const auto& [name, value] : settings(arguments, "option"))
        if (name == "study_data")
            throw UsageError("--data: --option study_data says this");
}

/// Runs a model that nobody gave an input on zeros, and keeps what no input makes.
void runOnNothing(Tool& tool, Session& session)
{
    Slot slot = session.slot();
    const Shape shape = slot.architecture->inputShape(slot.weights->config());
    std::vector<Index> batch{1};
    batch.insert(batch.end(), shape.extents().begin(), shape.extents().end());
    ExecuteOptions options;
    options.record = {"*.weight"};
    options.pool = tool.pool();
    options.stop = tool.stop();
    slot.base = execute(*slot.architecture, *slot.weights, Tensor::zeros(Shape(batch)), options);
    session.adopt(std::move(slot));
}

/// A session with its model run, for a view. --model and --input say where the files of a recipe are now.
void open(Tool& tool, StrictSession& session, const SessionFile& file, const Arguments& arguments,
    const QString& view)
{
    OpenPlan plan;
    plan.session = file;
    for (const auto& [option, named] :
        {std::pair("model", file.model.path), std::pair("input", file.input.path)}) {
        if (arguments.has(option) && named.empty())
            throw UsageError(std::string("--") + option + ": the recipe has none");
        if (arguments.has(option))
            plan.located[named] = arguments.values(option).front();
    }
    const auto moved = plan.located.find(file.model.path);
    for (const auto& [field, value] : settings(arguments, "set"))
        plan.answers[moved == plan.located.end() ? file.model.path : moved->second][field] = value;
    session->proceed(plan);
    session.settle();
    const bool hasNoInput = session->slot().weights && !session->slot().input;
    if (hasNoInput && !needsInput(view) && file.edits.empty())
        return runOnNothing(tool, *session);
    if (hasNoInput)
        throw UsageError(file.path.isEmpty() ? needsInput(view)
                    ? "figure: expected --input X"
                    : "figure: expected --input X, since --edit runs the model"
                                             : "field 'input.path': expected a file, found none");
    const Slot& slot = session->slot();
    if (!slot.weights && slot.base && slot.input && slot.input->hash != slot.base->provenance.inputHash)
        throw UsageError("a trace brings its own input, and '" + slot.input->path + "' is another one");
    if (!file.edits.empty() && !session->slot().weights)
        throw UsageError("a trace cannot be edited: give the model that made it");
}

/// `measured`: what was measured when the figure was made before.
std::unique_ptr<View> viewIn(StrictSession& session, const QString& name, const QJsonObject& measured = {})
{
    if (name == "record" && session->selection().record.empty())
        throw UsageError("figure record: expected --option record=PATH; `fovea info` lists the signals");
    auto view = makeView(name, *session);
    for (Job* job : view->findChildren<Job*>())
        QObject::connect(job, &Job::progressed, Tool::progress);
    view->recall(measured);
    view->compute();
    session.settle({view.get()});
    if (subjectOf(name) == Subject::Lab && !view->missing().isEmpty())
        throw Error(view->missing().toStdString()); // what the options say of a lab is found out by the view
    return view;
}

double lengthOf(const Arguments& arguments, const QString& option, const std::string& otherwise)
{
    const std::string text = arguments.value(option, otherwise);
    const bool isWidth = option == "width";
    try {
        const double points = figure::pointsOf(QString::fromStdString(text));
        if (!isWidth || points >= figure::Recipe::leastWidthPt)
            return points;
    } catch (const UsageError& error) {
        if (!isWidth)
            throw UsageError("--" + option.toStdString() + ": " + error.what());
    }
    throw UsageError("--width: expected a length of 1 to 200 in, like 3.25in, 89mm, 8.9cm or 234pt, found \""
        + text + "\"");
}

/// Beside a .json recipe or called as the figure, when -o does not say it.
QString outputOf(const QString& word, const Arguments& arguments)
{
    if (arguments.has("output"))
        return QString::fromStdString(arguments.value("output"));
    if (arguments.has("steps"))
        throw UsageError("figure: expected -o FOLDER or -o FILE.mp4 with --steps");
    if (!isRecipeFile(word))
        return word + ".pdf";
    if (!word.endsWith(".json", Qt::CaseInsensitive))
        throw UsageError("figure: expected -o FILE, so that '" + word.toStdString() + "' is not overwritten");
    return word.chopped(4) + "pdf";
}

void requireFigure(const QString& name)
{
    const auto names = figureNames();
    if (std::ranges::find(names, name.toStdString()) != names.end())
        return;
    if (QFileInfo(name).isFile())
        throw UsageError(name.toStdString()
            + ": expected the name of a figure before the file, as in matrix --model " + name.toStdString()
            + ", or a recipe");
    throw UsageError("there is no figure '" + name.toStdString() + "'; there are " + listed(names)
        + ", and of papers " + listed(paperFigures()));
}

/// What the command's line asks for.
struct Wanted {
    const Arguments& arguments;
    QString output;
    std::unique_ptr<WantedMovie> movie; ///< nullptr: a figure
};

/// The figure or, with --steps, a movie.
void write(Tool& tool, View& view, StrictSession& session, const figure::Recipe& recipe, const Wanted& wanted)
{
    const Arguments& arguments = wanted.arguments;
    const bool isJson = arguments.has("json");
    const QStringList files = wanted.movie ? makeMovie(tool, session, view, recipe, *wanted.movie)
                                           : exported(wanted.output, view, *session, recipe)();
    Json written = Json::array();
    for (const QString& file : files) {
        written.push_back(file.toStdString());
        if (!isJson)
            Tool::print("wrote " + file.toStdString());
    }
    if (isJson)
        Tool::printJson({{"files", written}, {"recipe", Json::parse(figure::toJson(recipe).toStdString())}});
}

/// The sanity checks that stand in a recipe, so that the same recipe gives the same figure; nullptr: it was
/// made without.
std::shared_ptr<io::SanityMemory> sanityIn(const figure::Recipe& recipe, const QString& file)
{
    const QJsonValue held = recipe.measured[QLatin1String("sanity")];
    if (held.isUndefined())
        return nullptr;
    const QByteArray text = held.isObject() ? QJsonDocument(held.toObject()).toJson() : QByteArray();
    return std::make_shared<io::SanityMemory>(
        io::sanityFromJson(text.toStdString(), file.toStdString() + ": field 'measured.sanity'"));
}

/// With --width alone it is as high as the view wants it there.
figure::FigureSize sizeOf(const View& view, figure::FigureSize size, const Arguments& arguments)
{
    if (arguments.has("width")) {
        size.widthPt = lengthOf(arguments, "width", {});
        size.heightPt = view.heightFor(size.widthPt, Style::paper());
    }
    if (arguments.has("height"))
        size.heightPt = lengthOf(arguments, "height", {});
    return size;
}

/// A recipe, drawn as it says; that of a paper's figure, which has a name, as options say.
void drawRecipe(Tool& tool, const QString& word, const Wanted& wanted)
{
    const Arguments& arguments = wanted.arguments;
    const bool isNamed = !isRecipeFile(word);
    for (const char* option : {"edit", "preset"})
        if (arguments.has(option))
            throw UsageError(std::string("--") + option + ": the recipe says this");
    for (const char* option : {"data", "option", "width", "height", "dpi"})
        if (arguments.has(option) && !isNamed)
            throw UsageError(std::string("--") + option + ": the recipe says this");
    if (arguments.values("input").size() > 1)
        throw UsageError("--input: expected once with a recipe");
    const QString path = isNamed ? paperFigureFile(word) : word;
    auto recipe = figure::readRecipe(path);
    if (!recipe)
        throw Error(word.toStdString(), "expected a figure made by Fovea, found no recipe in it");
    if (isNamed) {
        io::naming(path.toStdString(), [&] { applyOver(*recipe, arguments); });
    }
    const SessionFile file = sessionOf(*recipe, path);
    requireOther(wanted.output.toStdString(),
        {file.model.path, file.input.path, arguments.value("model"), arguments.value("input")});
    StrictSession session(tool, sanityIn(*recipe, path));
    std::unique_ptr<View> view;
    try {
        requireFigure(recipe->view);
        open(tool, session, file, arguments, recipe->view);
        view
            = io::naming(path.toStdString(), [&] { return viewIn(session, recipe->view, recipe->measured); });
        recipe->size = sizeOf(*view, recipe->size, arguments);
    } catch (const AnswerError& error) {
        if (arguments.has("set"))
            throw;
        throw Error(word.toStdString(), std::string("model.answers: ") + error.what());
    } catch (const UsageError& error) {
        throw Error(word.toStdString(), error.what()); // the recipe's fault, not the user's
    }
    write(tool, *view, session, *recipe, wanted);
}

/// A figure by its name, drawn as the options say.
void drawNamed(Tool& tool, const QString& name, const Wanted& wanted)
{
    const Arguments& arguments = wanted.arguments;
    requireFigure(name);
    requireData(name, arguments);
    requireInputs(name, arguments);
    const SessionFile file = sessionFromOptions(arguments, subjectOf(name));
    requireOther(wanted.output.toStdString(), {file.model.path, file.input.path});
    const double width = lengthOf(arguments, "width", "3.25in");
    const auto dpi = arguments.number("dpi", 300, figure::Recipe::leastDpi, figure::Recipe::mostDpi);
    StrictSession session(tool);
    open(tool, session, file, arguments, name);
    applyOptions(session, arguments, name);
    const auto view = viewIn(session, name);
    figure::Recipe recipe = recipeOf(*view, *session, width, static_cast<int>(dpi));
    if (arguments.has("height"))
        recipe.size.heightPt = lengthOf(arguments, "height", {});
    write(tool, *view, session, recipe, wanted);
}

}

void runFigure(Tool& tool, const Arguments& arguments)
{
    const QString word = QString::fromStdString(arguments.required(0, "the name of a figure or a recipe"));
    const QString output = outputOf(word, arguments);
    for (const char* option : {"width", "height", "dpi"})
        if (!arguments.has("steps") && isData(output) && arguments.has(option))
            throw UsageError(std::string("--") + option + ": data have no size");
    const bool isRecipe = isRecipeFile(word) || !paperFigureFile(word).isEmpty();
    (isRecipe ? drawRecipe : drawNamed)(tool, word, {arguments, output, movieIn(arguments, output)});
}

}
