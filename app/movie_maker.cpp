// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/movie_maker.h"

#include "app/figure_export.h"
#include "app/movie_file.h"

#include "widgets/figure/writer.h"
#include "widgets/session/player.h"
#include "widgets/views/view.h"

#include "core/tensor/error.h"

#include <QCoreApplication>
#include <QTimer>

#include <algorithm>

namespace fovea::app {

namespace {

constexpr int lookMs = 5;
constexpr std::chrono::milliseconds listening{10}; ///< so that a stop is heard

Index shownStepOf(const Session& session)
{
    const TracePtr& trace = session.slot().trace();
    const std::size_t at = session.selection().step;
    return trace && at < trace->steps.size() ? trace->steps[at]->step() : -1;
}

}

struct MovieMaker::Wanted {
    Index step = 0;
    std::promise<Bytes> frame; ///< broken when nobody draws any more
};

MovieMaker::MovieMaker(Session& session, Job* job, QObject* parent)
    : QObject(parent)
    , session_(session)
    , job_(job)
    , timer_(new QTimer(this))
{
    timer_->setInterval(lookMs);
    connect(timer_, &QTimer::timeout, this, &MovieMaker::drawWhenReady);
    connect(job_, &Job::ended, this, &MovieMaker::end);
}

void MovieMaker::make(View& view, const figure::Recipe& recipe, std::vector<Index> steps,
    const QString& output, double framesPerSecond, std::function<void(const QStringList&)> done)
{
    auto movie = std::make_shared<MovieFile>(output, framesPerSecond);
    session_.player().pause();
    view_ = &view;
    recipe_ = recipe;
    before_ = shownStepOf(session_);
    list_ = session_.display().map.steps;
    if (showsListOfSteps(session_))
        showNoListOfSteps(session_);
    // that this is gone is only asked in the window's thread
    const auto work
        = [movie, steps = std::move(steps), here = QPointer<MovieMaker>(this)](const Job::Context& context) {
              for (std::size_t i = 0; i < steps.size(); ++i) {
                  auto wanted = std::make_shared<Wanted>();
                  wanted->step = steps[i];
                  std::future<Bytes> frame = wanted->frame.get_future();
                  context.stop.check();
                  QMetaObject::invokeMethod(
                      QCoreApplication::instance(),
                      [here, wanted] {
                          if (here)
                              here->begin(wanted);
                      },
                      Qt::QueuedConnection);
                  wanted.reset();
                  while (frame.wait_for(listening) != std::future_status::ready)
                      context.stop.check();
                  movie->add(frame.get()());
                  context.progress(static_cast<double>(i + 1) / static_cast<double>(steps.size()));
              }
              return movie->finish(context.stop);
          };
    job_->start(tr("Making a movie"), work, std::move(done));
}

void MovieMaker::begin(const std::shared_ptr<Wanted>& wanted)
{
    if (!job_->isRunning())
        return; // stopped meanwhile: nobody waits
    wanted_ = wanted;
    session_.player().goToNumber(wanted->step);
    timer_->start();
    drawWhenReady();
}

bool MovieMaker::isSettled() const
{
    return view_->isReady()
        && std::ranges::none_of(session_.jobs(), [](const Job* job) { return job->isRunning(); });
}

void MovieMaker::drawWhenReady()
{
    if (!wanted_ || (view_ && !isSettled()))
        return;
    timer_->stop();
    const auto wanted = std::exchange(wanted_, nullptr);
    try {
        if (!view_)
            throw Error("the view was closed while its movie was made");
        if (shownStepOf(session_) != wanted->step)
            throw Error("step " + std::to_string(wanted->step)
                + " is not shown: it was not recorded, or another one was chosen while the movie was made");
        view_->bringUpToDate();
        if (!view_->missing().isEmpty())
            throw Error("there is nothing to draw: " + view_->missing().toStdString());
        figure::Recipe frame = recipeOf(*view_, session_, recipe_.size.widthPt, recipe_.dpi);
        frame.size = recipe_.size;
        wanted->frame.set_value(figure::drawFigure(
            figure::Format::Png, frame, [this](QPainter& painter, const QRectF& rect, const Style& style) {
                view_->paint(painter, rect, style);
            }));
    } catch (...) {
        wanted->frame.set_exception(std::current_exception());
    }
}

/// Back to where one was.
void MovieMaker::end()
{
    timer_->stop();
    wanted_.reset();
    if (Display display = session_.display(); !list_.empty()) {
        display.map.steps = std::exchange(list_, {});
        session_.setDisplay(display);
    }
    if (const Index before = std::exchange(before_, -1); before >= 0)
        session_.player().goToNumber(before);
}

}
