// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/movie_maker.h"

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
    before_ = shownStepOf(session_);
    frames_.emplace(view, session_, recipe, false);
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

/// Nothing goes on, after a view behind a tab began what it has to compute for the step.
bool MovieMaker::isSettled()
{
    view_->bringUpToDate();
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
        wanted->frame.set_value(frames_->draw(wanted->step));
    } catch (...) {
        wanted->frame.set_exception(std::current_exception());
    }
}

/// Back to where one was.
void MovieMaker::end()
{
    timer_->stop();
    wanted_.reset();
    if (frames_)
        frames_->end();
    frames_.reset();
    if (const Index before = std::exchange(before_, -1); before >= 0)
        session_.player().goToNumber(before);
}

}
