// The runs of a lab: made, shown, compared, branched.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/player.h"
#include "widgets/session/session.h"

#include <QTimer>

#include <algorithm>
#include <utility>

namespace fovea {

namespace {

RecordingOptions stoppable(RecordingOptions options, const Job::Context& context)
{
    options.stop = context.stop;
    return options;
}

}

Index Player::horizon() const
{
    Index longest = 1;
    for (const LabRunPtr& run : tree_.runs)
        longest = std::max(longest, run->done);
    for (Index ten = 10;; ten *= 10)
        for (const Index tenths : {10, 15, 20, 30, 40, 50, 60, 80})
            if (const Index round = ten * tenths / 10; round >= longest)
                return round - 1;
}

RecordingOptions Player::options() const
{
    RecordingOptions options;
    options.derive = headCourses;
    options.pool = pool_;
    options.workspace = workspace_;
    const LabRunPtr now = run();
    if (now)
        options.record = keptSignals(*now->lab, now->config, session_.selection().record);
    return options;
}

void Player::add(const LabRunPtr& run, int parent)
{
    tree_.runs.push_back(run);
    tree_.parents.push_back(parent);
    tree_.numbers.push_back(tree_.nextNumber());
    show(static_cast<int>(tree_.runs.size()) - 1);
}

void Player::start(const LabStart& wanted)
{
    const Lab* lab = session_.registry().lab(wanted.lab);
    const bool isAnother = tree_.runs.empty() || tree_.runs.front()->lab != lab;
    if (!lab || (!isAnother && tree_.runs.size() >= RunTree::most)) {
        emit session_.failed(lab ? tr("There are %1 runs already: remove one first.").arg(RunTree::most)
                                 : tr("There is no lab '%1'.").arg(QString::fromStdString(wanted.lab)));
        return;
    }
    pause();
    RecordingOptions with = options();
    with.every = wanted.every;
    remaking_->start(
        tr("Starting %1").arg(QString::fromStdString(lab->identity().name)),
        [lab, wanted, with](const Job::Context& context) {
            return startRun(*lab, wanted.config, wanted.seed, stoppable(with, context));
        },
        [this, wanted, isAnother](const LabRunPtr& run) {
            if (isAnother)
                clear();
            stride_ = wanted.steps;
            target_ = wanted.steps;
            add(run, -1);
            if (isAnother)
                trim();
            play();
        });
}

void Player::branch(const Config& config)
{
    const LabRunPtr parent = run();
    if (!parent)
        return;
    if (tree_.runs.size() >= RunTree::most) {
        emit session_.failed(tr("There are %1 runs already: remove one first.").arg(RunTree::most));
        return;
    }
    const bool goesOn = isLive();
    pause();
    const LabRunPtr now = run(); // as far as it went
    const Index from = std::min(shownNumber() + 1, now->done);
    remaking_->start(
        tr("Going back to step %1").arg(from),
        [now, from, config, with = options()](
            const Job::Context& context) { return branchOf(now, from, config, stoppable(with, context)); },
        [this, goesOn, index = shown_](const LabRunPtr& branch) {
            target_ = std::max(target_, branch->from + 1);
            add(branch, index);
            if (goesOn)
                play();
        });
}

void Player::show(int number)
{
    if (number < 0 || number >= static_cast<int>(tree_.runs.size()))
        return;
    const Index now = session_.slot().lab ? shownNumber() : -1;
    pause();
    shown_ = number;
    if (compared_ == shown_)
        compared_ = -1;
    visited_ = nullptr;
    session_.showRun(run()); // the lab's slot, with this run
    const Index last = run()->trace->steps.empty() ? 0 : run()->trace->steps.back()->step();
    present(now < 0 ? last : std::min(now, last));
    emit runsChanged();
}

void Player::compare(int number)
{
    compared_ = number == shown_ || number >= static_cast<int>(tree_.runs.size()) ? -1 : number;
    emit runsChanged();
}

void Player::remove(int number)
{
    if (number < 0 || number >= static_cast<int>(tree_.runs.size()) || tree_.hasBranches(number)) {
        emit session_.noted(tr("Other runs branch off this one: remove them first."));
        return;
    }
    if (tree_.runs.size() == 1) {
        clear();
        return trim();
    }
    pause();
    const int next = tree_.parents[static_cast<std::size_t>(number)];
    differences_.clear();
    tree_.runs.erase(tree_.runs.begin() + number);
    tree_.parents.erase(tree_.parents.begin() + number);
    tree_.numbers.erase(tree_.numbers.begin() + number);
    for (int& parent : tree_.parents)
        parent -= parent > number ? 1 : 0;
    compared_ = compared_ == number ? -1 : compared_ - (compared_ > number ? 1 : 0);
    show(shown_ == number ? std::max(0, next) : shown_ - (shown_ > number ? 1 : 0));
}

/// Gives back the memory of runs that nothing shows any more; another lab's has other shapes.
void Player::trim() { workspace_.trim(); }

void Player::clear()
{
    pause();
    tree_ = {};
    differences_.clear();
    shown_ = compared_ = -1;
    visited_ = nullptr;
    emit runsChanged();
}

void Player::walk(Index target, bool isLastAsked)
{
    walked_ = {static_cast<std::size_t>(shown_)};
    if (compared_ >= 0)
        walked_.push_back(static_cast<std::size_t>(compared_));
    mailbox_ = std::make_shared<LabMailbox>();
    WalkPlan plan;
    for (const std::size_t number : walked_)
        plan.runs.push_back(tree_.runs[number]);
    plan.target = target;
    plan.isLastAsked = isLastAsked;
    plan.options = options();
    plan.pace = pace_;
    plan.mailbox = mailbox_;
    follows_ = session_.selection().step + 1 >= steps();
    nextFrameNs_ = 0;
    frames_->start();
    walking_->start(
        tr("%1 to step %2").arg(QString::fromStdString(run()->lab->identity().name)).arg(target),
        [plan](const Job::Context& context) { return walkRuns(plan, context); }, [](bool) {});
    emit playingChanged();
}

void Player::onEnd()
{
    if (!isLive())
        return;
    frames_->stop();
    take(mailbox_->take());
    mailbox_.reset();
    emit playingChanged();
}

/// At most once a frame, and at most two thirds of the time: half of what a publication costs the window,
/// paint included, is waited for before the next.
void Player::onFrame()
{
    if (clock_.nsecsElapsed() < nextFrameNs_)
        return;
    const qint64 begin = clock_.nsecsElapsed();
    take(mailbox_->take());
    QTimer::singleShot(0, this, [this, begin] {
        const qint64 now = clock_.nsecsElapsed();
        nextFrameNs_ = now + (now - begin) / 2;
    });
}

void Player::take(std::vector<LabRunPtr> runs)
{
    if (runs.empty())
        return;
    const std::shared_ptr<LabMailbox> mailbox = mailbox_; // who hears of it may stop the lab
    for (std::size_t i = 0; i < runs.size(); ++i)
        std::swap(tree_.runs[walked_[i]], runs[i]);
    const StepList& steps = run()->trace->steps;
    if (!steps.empty() && session_.slot().lab)
        present(follows_ ? steps.back()->step() : std::max<Index>(0, shownNumber()));
    emit grew();
    mailbox->giveBack(std::move(runs));
}

RecordPtr Player::other(const std::string& path) const
{
    const Index number = shownNumber();
    if (compared_ < 0 || number < 0)
        return nullptr;
    const Trace& trace = *tree_.runs[static_cast<std::size_t>(compared_)]->trace;
    const std::size_t at = trace.steps.lowerBound(number);
    return at < trace.steps.size() && trace.steps[at]->step() == number ? trace.find(path, at) : nullptr;
}

QJsonObject Player::described() const
{
    if (tree_.runs.empty())
        return {};
    QJsonObject json = describedRuns(tree_);
    json["shown"] = shown_;
    json["compared"] = compared_;
    json["record"] = QString::fromStdString(session_.selection().record);
    json["step"] = static_cast<qint64>(shownNumber());
    return json;
}

void Player::rebuild(const QJsonObject& lab, const std::function<void()>& done)
{
    pause();
    const RecordingOptions with = options();
    walking_->start(
        tr("Running the lab again"),
        [lab, with, &registry = session_.registry()](
            const Job::Context& context) { return rebuiltRuns(lab, registry, with, context); },
        [this, lab, done](RunTree tree) {
            clear();
            tree_ = std::move(tree);
            const int last = static_cast<int>(tree_.runs.size()) - 1;
            target_ = tree_.runs.front()->done;
            show(std::clamp(lab["shown"].toInt(), 0, last));
            trim();
            compare(lab["compared"].toInt(-1));
            goToNumber(static_cast<Index>(lab["step"].toDouble()));
            done();
        });
}

}
