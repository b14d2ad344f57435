// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/movie_frames.h"

#include "app/figure_export.h"

#include "widgets/figure/writer.h"
#include "widgets/session/session.h"
#include "widgets/views/view.h"

#include "core/tensor/error.h"

#include <algorithm>

namespace fovea::app {

namespace {

bool isRecorded(const Session& session, Index number)
{
    const StepList& steps = session.slot().trace()->steps;
    const std::size_t at = steps.lowerBound(number);
    return at < steps.size() && steps[at]->step() == number;
}

void requireShown(const Session& session, Index number)
{
    if (shownStepOf(session) == number)
        return;
    const bool isThere = session.slot().trace() && isRecorded(session, number);
    throw Error("step " + std::to_string(number)
        + (isThere ? " is not shown: another one was chosen while the movie was made"
                   : " was not recorded, and was not computed again"));
}

}

Index shownStepOf(const Session& session)
{
    const TracePtr& trace = session.slot().trace();
    const std::size_t at = session.selection().step;
    return trace && at < trace->steps.size() ? trace->steps[at]->step() : -1;
}

std::vector<Index> movieSteps(
    const Session& session, const std::optional<StepSpan>& span, const std::string& option)
{
    const TracePtr& trace = session.slot().trace();
    if (!trace || trace->steps.size() < 2)
        throw UsageError(
            option + ": there are no steps to make a movie of: run a lab, or open a trace with several");
    std::vector<Index> numbers;
    if (span)
        numbers = span->among(trace->steps.front()->step(), trace->steps.back()->step());
    else
        std::ranges::transform(
            trace->steps, std::back_inserter(numbers), [](const StepPtr& step) { return step->step(); });
    requireFrames(numbers.size(), option);
    for (const Index number : numbers)
        if (!session.slot().lab && !isRecorded(session, number))
            throw UsageError(option + ": step " + std::to_string(number) + " was not recorded");
    return numbers;
}

MovieFrames::MovieFrames(View& view, Session& session, const figure::Recipe& recipe, bool isHeightChosen)
    : view_(&view)
    , session_(session)
    , recipe_(recipe)
    , hidesList_(!session.display().map.steps.empty())
{
    session_.showListOfSteps(false);
    if (!hidesList_)
        return;
    view.bringUpToDate();
    if (!isHeightChosen)
        recipe_.size.heightPt = view.heightFor(recipe_.size.widthPt, Style::paper());
}

std::function<QByteArray()> MovieFrames::draw(Index step) const
{
    if (!view_)
        throw Error("the view was closed while its movie was made");
    requireShown(session_, step);
    if (!view_->missing().isEmpty())
        throw Error("there is nothing to draw: " + view_->missing().toStdString());
    figure::Recipe frame = recipeOf(*view_, session_, recipe_.size.widthPt, recipe_.dpi);
    frame.size = recipe_.size;
    return figure::drawFigure(
        figure::Format::Png, frame, [this](QPainter& painter, const QRectF& rect, const Style& style) {
            view_->paint(painter, rect, style);
        });
}

void MovieFrames::end() { session_.showListOfSteps(true); }

}
