// Which step of a lab's run is shown: recorded ones at once, any other computed again.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/player.h"
#include "widgets/session/session.h"

#include <algorithm>
#include <utility>

namespace fovea {

/// Shows a step of the shown run by its number; the next recorded one when it was neither recorded nor
/// computed again.
void Player::present(Index number)
{
    const LabRunPtr now = run();
    if (visited_ && visited_->step() != number)
        visited_ = nullptr;
    const TracePtr trace = visited_ ? withStep(*now->trace, visited_) : now->trace;
    const std::size_t last = trace->steps.empty() ? 0 : trace->steps.size() - 1;
    isPresenting_ = true;
    session_.showSteps(now, trace, std::min(trace->steps.lowerBound(number), last));
    isPresenting_ = false;
    lastNumber_ = shownNumber();
    const bool isAlmostWhole
        = trace->steps.empty() || !trace->steps[session_.selection().step]->isLightened();
    if (!isAlmostWhole)
        remake(shownNumber());
}

void Player::onSelection()
{
    if (isPresenting_ || !session_.slot().lab || !run())
        return;
    follows_ = session_.selection().step + 1 >= steps();
    const Index number = shownNumber(), before = std::exchange(lastNumber_, number);
    if (number < 0)
        return;
    if (number != before && isRemaking_ >= 0 && isRemaking_ != number) { // nobody waits for it any more
        isRemaking_ = -1;
        remaking_->cancel();
    }
    if (visited_ && visited_->step() != number)
        present(number);
    else if (session_.slot().trace()->steps[session_.selection().step]->isLightened())
        remake(number);
}

void Player::goToNumber(Index number)
{
    const TracePtr& trace = session_.slot().trace();
    if (!trace)
        return;
    const std::size_t at = trace->steps.lowerBound(number);
    const bool isThere = at < steps() && trace->steps[at]->step() == number;
    const LabRunPtr lab = session_.slot().lab ? run() : nullptr;
    if (isThere || !lab || number < 0)
        return goTo(at);
    follows_ = false;
    if (number < lab->done)
        return remake(number);
    pause();
    goTo(steps()); // and follows
    walk(number + 1, true);
}

void Player::remake(Index number)
{
    if (isRemaking_ == number && remaking_->isRunning())
        return;
    isRemaking_ = number;
    RecordingOptions with = options();
    with.record = {"*"};
    remaking_->start(
        tr("Computing step %1 again").arg(number),
        [now = run(), number, with](const Job::Context& context) {
            RecordingOptions options = with;
            options.stop = context.stop;
            return remadeStep(*now, number, options);
        },
        [this](const StepPtr& step) {
            isRemaking_ = -1;
            visited_ = step;
            follows_ = follows_ && shownNumber() == step->step();
            present(step->step());
        });
}

void Player::fetch(const std::string& path)
{
    const LabRunPtr now = run();
    const Index number = shownNumber();
    if (!now || number < 0 || isLive() || (visited_ && visited_->step() == number))
        return;
    for (const SignalInfo& signal : now->lab->signalInfos(now->config))
        if (signal.path == path)
            remake(number);
}

}
