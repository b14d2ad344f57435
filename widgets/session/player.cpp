// Through the steps of a trace; what a lab adds to them is in player_lab.cpp.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/player.h"

#include "widgets/session/session.h"

#include <QTimer>

#include <algorithm>

namespace fovea {

namespace {

constexpr int frameMs = 16;
constexpr double fastestReplay = 60; // steps per second: what a screen shows

}

Player::Player(Session& session, Job* walking, Job* remaking, std::shared_ptr<Pool> pool)
    : QObject(&session)
    , session_(session)
    , walking_(walking)
    , remaking_(remaking)
    , pool_(std::move(pool))
    , frames_(new QTimer(this))
    , replay_(new QTimer(this))
    , pace_(std::make_shared<std::atomic<double>>(0))
{
    walking_->setBackground(true);
    remaking_->setBackground(true);
    for (QTimer* timer : {frames_, replay_})
        timer->setTimerType(Qt::PreciseTimer);
    frames_->setInterval(frameMs);
    clock_.start();
    connect(frames_, &QTimer::timeout, this, &Player::onFrame);
    connect(replay_, &QTimer::timeout, this, &Player::onReplay);
    connect(&session_, &Session::selectionChanged, this, &Player::onSelection);
    connect(walking_, &Job::ended, this, &Player::onEnd);
}

Player::~Player() = default;

std::size_t Player::steps() const
{
    const TracePtr& trace = session_.slot().trace();
    return trace ? trace->steps.size() : 0;
}

bool Player::isLive() const { return frames_->isActive(); }
bool Player::isReplaying() const { return replay_->isActive(); }

Index Player::shownNumber() const
{
    const std::size_t position = session_.selection().step;
    return position < steps() ? session_.slot().trace()->steps[position]->step() : -1;
}

void Player::play()
{
    const bool isAtEnd = session_.selection().step + 1 >= steps();
    const bool hasLab = session_.slot().lab && run();
    if (hasLab && isAtEnd && loop_ == Loop::Once) {
        if (run()->done >= target_)
            setTarget(run()->done + stride_);
        return walk(target_, false);
    }
    if (steps() < 2)
        return;
    direction_ = 1;
    if (isAtEnd && loop_ != Loop::BackAndForth)
        goTo(0);
    replay_->start(qRound(1000 / (speed_ > 0 ? std::min(speed_, fastestReplay) : fastestReplay)));
    emit playingChanged();
}

void Player::pause()
{
    const bool was = isPlaying();
    replay_->stop();
    if (isLive())
        walking_->cancel(); // onEnd() takes what is there
    if (was)
        emit playingChanged();
}

void Player::onReplay()
{
    const std::size_t now = session_.selection().step, last = steps() - 1;
    if (steps() < 2)
        return pause();
    if (direction_ > 0 && now >= last) {
        if (loop_ == Loop::BackAndForth) {
            direction_ = -1;
            return goTo(now - 1);
        }
        if (loop_ == Loop::Around)
            return goTo(0);
        replay_->stop();
        if (session_.slot().lab && run() && run()->done < target_)
            return walk(target_, false);
        emit playingChanged();
        return;
    }
    if (direction_ < 0 && now == 0)
        direction_ = 1;
    goTo(direction_ > 0 ? now + 1 : now - 1);
}

void Player::goTo(std::size_t position)
{
    if (steps() == 0)
        return;
    Selection selection = session_.selection();
    selection.step = std::min(position, steps() - 1);
    session_.setSelection(selection);
}

void Player::stepBy(int by)
{
    const auto now = static_cast<std::ptrdiff_t>(session_.selection().step);
    const auto last = std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(steps()) - 1);
    const LabRunPtr lab = session_.slot().lab ? run() : nullptr;
    replay_->stop();
    if (now + by > last && lab && !isLive())
        return walk(lab->done + by - (last - now), true);
    goTo(static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(now + by, 0, last)));
}

void Player::setSpeed(double stepsPerSecond)
{
    speed_ = stepsPerSecond;
    pace_->store(stepsPerSecond);
    if (isReplaying())
        replay_->setInterval(qRound(1000 / (speed_ > 0 ? std::min(speed_, fastestReplay) : fastestReplay)));
}

void Player::setTarget(Index steps)
{
    target_ = steps;
    emit grew();
}

}
