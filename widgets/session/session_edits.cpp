// The edits of the Session: what is refused at once, and what is taken back because it could not be run.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/session.h"

#include "core/source/stored_filters.h"

#include <algorithm>

namespace fovea {

namespace {

/// Throws UsageError for an edit that names nothing of the model or whose verb does not suit it. Indices, and
/// the traces that a patch takes from, are seen when the edit runs.
void requireNamed(const Edit& edit, const Slot& slot)
{
    static const auto anyTrace = std::make_shared<const Trace>();
    EditPlan(
        {edit}, slot.signalInfos(), slot.architecture->blocks(slot.weights->config()),
        [](const std::string&) { return anyTrace; }, storedFilters(*slot.weights));
}

}

void Session::setEdits(std::vector<Edit> edits, const QString& label, const QString& dragKey, Merge merge)
{
    if (edits == slot().edits) {
        current().edits = std::move(edits); // whose they are may differ
        return;
    }
    if (!slot().weights) {
        emit failed(tr("A trace cannot be edited: open the model that made it."));
        return;
    }
    try {
        for (const Edit& edit : edits)
            if (!hasEdit(edit))
                requireNamed(edit, slot());
    } catch (const Error& error) {
        emit failed(QString::fromUtf8(error.what()));
        return;
    }
    history_.note(snapshot(), label, dragKey, merge);
    current().edits = std::move(edits);
    emit historyChanged();
    emit editsChanged();
    dragKey.isEmpty() ? runEdits() : runEditsSoon();
}

bool Session::takeBackEdits(const QString& dragKey)
{
    const auto before = history_.takeBack(dragKey);
    if (before)
        restore(*before);
    return before.has_value();
}

bool Session::hasEdit(const Edit& edit) const
{
    return std::ranges::find(slot().edits, edit) != slot().edits.end();
}

void Session::toggleEdit(const Edit& edit)
{
    auto edits = slot().edits;
    const QString name = QString::fromStdString(edit.text());
    if (const auto found = std::ranges::find(edits, edit); found != edits.end()) {
        edits.erase(found);
        setEdits(std::move(edits), tr("remove %1").arg(name));
        return;
    }
    std::erase_if(edits, [&](const Edit& other) { return other.path == edit.path; });
    edits.push_back(edit);
    setEdits(std::move(edits), name);
}

/// Of older edits a drag may have come further since.
void Session::editsFailed()
{
    if (!runsEdits_)
        return;
    if (runsAgain_)
        runEdits(true);
    else
        takeEditsBack();
}

/// The edits are again those of what is shown, as if the ones that failed had never been made.
void Session::takeEditsBack()
{
    std::vector<Edit> shown;
    if (slot().edited)
        for (const std::string& text : slot().edited->provenance.edits)
            shown.push_back(Edit::parse(text));
    shown = history_.forgetSince(shown);
    const std::vector<Edit> refused = std::exchange(current().edits, std::move(shown));
    emit historyChanged();
    emit editsChanged();
    emit editsRefused(refused);
    showTrace();
}

}
