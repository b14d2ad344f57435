// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/patterns.h"
#include "widgets/session/player.h"
#include "widgets/session/selection_fields.h"
#include "widgets/session/session_parked.h"

#include <algorithm>
#include <cmath>

namespace fovea {

Session::Session(Services services, QObject* parent)
    : QObject(parent)
    , services_(std::move(services))
    , parked_(slotCount)
    , patterns_(std::make_unique<Patterns>())
    , parity_(NAN)
    , openJob_(newJob())
    , runJob_(newJob())
    , fetchJob_(newJob())
    , sweepJob_(newJob())
    , saveJob_(newJob())
    , parityJob_(newJob())
    , sanityJob_(newJob())
{
    connect(runJob_, &Job::failed, this, &Session::editsFailed);
    Job *walking = newJob(), *remaking = newJob();
    player_ = new Player(*this, walking, remaking, services_.labPool ? services_.labPool : services_.pool);
}

Session::~Session() = default;

Job* Session::newJob()
{
    jobs_.push_back(new Job(this));
    connect(jobs_.back(), &Job::failed, this, &Session::failed);
    return jobs_.back();
}

RecordPtr Session::record(const std::string& path) const
{
    const TracePtr& trace = slot().trace();
    if (const RecordPtr found = trace ? trace->find(path, selection_.step) : nullptr)
        return found;
    const auto fetched = fetched_.find(path);
    return fetched == fetched_.end() ? nullptr : fetched->second;
}

Selection Session::clamped(Selection s) const
{
    const auto within = [](int value, int count) { return std::clamp(value, 0, std::max(0, count - 1)); };
    const TracePtr& trace = slot().trace();
    s.slot = selection_.slot; // see showSlot()
    s.step = trace && !trace->steps.empty() ? std::min(s.step, trace->steps.size() - 1) : 0;
    s.layer = within(s.layer, patterns_->layers());
    if (!patterns_->empty()) {
        s.head = within(s.head, patterns_->heads(s.layer));
        s.group = within(s.group, static_cast<int>(shapeOf(*patterns_->layer(s.layer))[0]));
        std::erase_if(s.brushed, [&](const auto& head) {
            return head.first >= patterns_->layers() || head.second >= patterns_->heads(head.first);
        });
    }
    if (const RecordPtr shown = record(s.record);
        shown && (shown->kind() == Kind::Grid || shown->kind() == Kind::Filter))
        s.channel = within(s.channel, static_cast<int>(shown->value.dim(0)));
    else if (!shown && trace && !isKnown(s.record))
        s.record.clear();
    return s;
}

bool Session::isKnown(const std::string& path) const
{
    const auto declared = path.empty() ? std::vector<SignalInfo>() : slot().signalInfos();
    return std::ranges::find(declared, path, &SignalInfo::path) != declared.end()
        || std::ranges::any_of(
            slot().trace()->steps, [&](const auto& step) { return step->find(path) != nullptr; });
}

void Session::setSelection(Selection selection)
{
    selection = clamped(std::move(selection));
    if (selection == selection_)
        return;
    wanted_.reset();
    if (!(selection.pin == selection_.pin)) {
        history_.note(snapshot(), selection.pin.empty() ? tr("release the pin") : tr("pin"));
        emit historyChanged();
    }
    const bool newStep = selection.step != selection_.step, newBrush = selection.brushed != brushed(),
               newRecord = selection.record != selection_.record;
    selection_ = std::move(selection);
    if (newStep)
        showTrace();
    if (newRecord && !selection_.record.empty()) // once: a hover must not begin it again
        fetch(selection_.record);
    if (newBrush)
        emit brushChanged();
    emit selectionChanged();
}

void Session::setDisplay(const Display& display)
{
    Display meant = display;
    if (meant.map.steps.empty() && !showsList_)
        meant.map.steps = display_.map.steps;
    if (meant == display_)
        return;
    history_.note(snapshot(), tr("display settings"), QStringLiteral("display"));
    take(meant);
    emit historyChanged();
}

void Session::showListOfSteps(bool shows)
{
    showsList_ = shows;
    take(Display(display_));
}

void Session::take(const Display& meant)
{
    display_ = meant;
    Display shown = meant;
    if (!showsList_)
        shown.map.steps.clear();
    if (shown == shown_)
        return;
    const bool newPatterns = shown.hideSpecials != shown_.hideSpecials;
    shown_ = std::move(shown);
    if (newPatterns)
        showTrace();
    emit displayChanged();
}

void Session::setBrushed(std::vector<std::pair<int, int>> heads)
{
    Selection selection = selection_;
    selection.brushed = std::move(heads);
    setSelection(std::move(selection));
}

void Session::undo()
{
    if (history_.canUndo())
        restore(history_.undo(snapshot()));
}

void Session::redo()
{
    if (history_.canRedo())
        restore(history_.redo(snapshot()));
}

void Session::restore(const Snapshot& target)
{
    const Snapshot before = snapshot();
    selection_.pin = target.pin;
    current().edits = target.edits;
    take(target.display);
    if (!(before.pin == target.pin))
        emit selectionChanged();
    if (before.edits != target.edits) {
        emit editsChanged();
        runEdits();
    }
    emit historyChanged();
}

void Session::showTrace()
{
    const TracePtr& trace = slot().trace();
    patterns_ = trace ? std::make_unique<Patterns>(*trace, selection_.step, shown_.hideSpecials)
                      : std::make_unique<Patterns>();
    selection_ = clamped(trace && wanted_ ? wanted_->selection : selection_);
    if (!selection_.record.empty())
        fetch(selection_.record);
    emit traceChanged();
    checkWanted();
}

void Session::checkWanted()
{
    if (!wanted_ || !slot().trace())
        return;
    const SessionFile wanted = *wanted_;
    const std::string why = refusal(wanted.selection, selection_, *patterns_, "selection.");
    if (!why.empty() || selection_.record.empty() || record(selection_.record))
        wanted_.reset();
    if (!why.empty())
        emit failed(QString::fromStdString(Error(wanted.path.toStdString(), why).what()));
}

void Session::adopt(Slot slot)
{
    current() = std::move(slot);
    fetched_.clear();
    selection_.brushed.clear();
    history_.clear();
    emit modelChanged();
    emit inputChanged();
    emit editsChanged();
    showTrace();
    dropSweep();
    emit historyChanged();
}

}
