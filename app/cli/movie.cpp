// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/movie.h"

#include "app/figure_export.h"

#include "widgets/figure/writer.h"
#include "widgets/session/player.h"
#include "widgets/views/view.h"

#include "core/tensor/error.h"

namespace fovea::app {

namespace {

constexpr std::uint64_t usualRate = 25, mostRate = 240;

/// Shows a step by its number; one of a lab that was not recorded is computed again.
void showStep(StrictSession& session, View& view, Index number)
{
    session->player().goToNumber(number);
    session.settle({&view});
    const StepList& steps = session->slot().trace()->steps;
    if (steps[session->selection().step]->step() != number)
        throw Error("step " + std::to_string(number) + " was not recorded");
}

}

std::unique_ptr<MovieFile> movieIn(const Arguments& arguments, const QString& output)
{
    if (!arguments.has("steps")) {
        if (arguments.has("rate"))
            throw UsageError("--rate: expected --steps FROM:TO:EVERY, which makes a movie");
        return nullptr;
    }
    (void)StepSpan(QString::fromStdString(arguments.value("steps")), "--steps");
    const auto rate = static_cast<double>(arguments.number("rate", usualRate, 1, mostRate));
    return std::make_unique<MovieFile>(output, rate);
}

QStringList makeMovie(Tool& tool, StrictSession& session, View& view, figure::Recipe recipe,
    const Arguments& arguments, MovieFile& movie)
{
    const TracePtr& trace = session->slot().trace();
    if (!trace || trace->steps.size() < 2)
        throw UsageError("--steps: there are no steps here: give a trace of a lab");
    const std::vector<Index> steps = StepSpan(QString::fromStdString(arguments.value("steps")), "--steps")
                                         .among(trace->steps.front()->step(), trace->steps.back()->step());
    if (showsListOfSteps(*session)) {
        showNoListOfSteps(*session);
        if (!arguments.has("height"))
            recipe.size.heightPt = view.heightFor(recipe.size.widthPt, Style::paper());
    }
    for (std::size_t i = 0; i < steps.size(); ++i) {
        showStep(session, view, steps[i]);
        if (!view.missing().isEmpty())
            throw Error(
                movie.output().toStdString(), "there is nothing to draw: " + view.missing().toStdString());
        figure::Recipe frame = recipeOf(view, *session, recipe.size.widthPt, recipe.dpi);
        frame.size = recipe.size;
        movie.add(figure::drawFigure(
            figure::Format::Png, frame, [&view](QPainter& painter, const QRectF& rect, const Style& style) {
                view.paint(painter, rect, style);
            })());
        Tool::progress(static_cast<double>(i + 1) / static_cast<double>(steps.size()));
    }
    return movie.finish(tool.stop());
}

}
