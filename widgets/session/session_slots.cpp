// The two slots of the Session: what was opened, and a lab; and what a session file says of them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/labs/lab_studies.h"
#include "widgets/session/patterns.h"
#include "widgets/session/player.h"
#include "widgets/session/session_parked.h"

#include "core/source/recording.h"

#include <utility>

namespace fovea {

namespace {

constexpr std::size_t labSlot = 1;

}

void Session::showSlot(std::size_t slot)
{
    if (slot == selection_.slot)
        return;
    for (Job* job : {runJob_, fetchJob_, sweepJob_, parityJob_})
        job->cancel();
    player_->pause();
    parked_[selection_.slot] = {selection_, std::move(wanted_), std::exchange(fetched_, {}),
        std::exchange(sweep_, nullptr), std::exchange(previous_, std::nullopt), parity_, std::move(history_)};
    Parked& other = parked_[slot];
    selection_ = std::move(other.selection);
    selection_.slot = slot;
    wanted_ = std::exchange(other.wanted, std::nullopt);
    fetched_ = std::exchange(other.fetched, {});
    sweep_ = std::exchange(other.sweep, nullptr);
    previous_ = std::exchange(other.previous, std::nullopt);
    parity_ = other.parity;
    history_ = std::move(other.history);
    patterns_ = std::make_unique<Patterns>();
    emit modelChanged();
    emit inputChanged();
    emit editsChanged();
    showTrace();
    emit selectionChanged();
    emit sweepChanged();
    emit parityChanged();
    emit historyChanged();
    emit brushChanged();
    const Slot& now = this->slot();
    if (now.weights && now.input && !now.base)
        run();
    else if (!now.edits.empty() && !now.edited)
        runEdits();
}

void Session::showRun(const LabRunPtr& run)
{
    showSlot(labSlot);
    Slot& slot = current();
    const bool isAnother = slot.lab != run->lab;
    slot.lab = run->lab;
    slot.run = run;
    slot.prepared.picture = run->lab->picture(run->config, *run->state);
    if (isAnother) {
        slot.base = run->trace;
        fetched_.clear();
        selection_ = Selection();
        selection_.slot = labSlot;
        emit modelChanged();
    }
    emit inputChanged();
}

void Session::showSteps(const LabRunPtr& run, const TracePtr& trace, std::size_t step)
{
    Slot& slot = current();
    const auto at
        = [](const TracePtr& t, std::size_t i) { return t && i < t->steps.size() ? t->steps[i] : StepPtr(); };
    const StepPtr before = at(slot.base, selection_.step), after = at(trace, step);
    const bool isMoved = std::exchange(selection_.step, step) != step;
    slot.run = run;
    slot.base = trace;
    if (before != after) {
        fetched_.clear();
        showTrace();
    }
    if (isMoved)
        emit selectionChanged();
}

SessionFile Session::described() const
{
    SessionFile file;
    file.model = {slot().modelPath, slot().modelHash, slot().answers};
    if (slot().input)
        file.input = {slot().input->path, slot().input->hash, {}};
    file.edits = slot().edits;
    for (const auto& [path, hash] : slot().patches)
        file.patches.push_back({path, hash, {}});
    file.selection = selection_;
    file.display = display_;
    return file;
}

void Session::save(const QString& path, const QByteArray& layout)
{
    SessionFile file = described();
    file.layout = layout;
    file.lab = player_->described();
    const QJsonObject study = LabStudies::described(LabStudies::studyOf(*this));
    for (const QString& field : study.keys())
        file.lab[field] = study[field];
    saveJob_->start(
        tr("Saving"),
        [path, file](const Job::Context&) {
            writeSessionFile(path, file);
            return path;
        },
        [this](const QString& saved) { emit noted(tr("Saved %1.").arg(saved)); });
}

}
