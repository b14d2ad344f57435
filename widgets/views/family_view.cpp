// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/family_view.h"

#include "widgets/session/player.h"
#include "widgets/views/core_text.h"
#include "widgets/views/reading.h"

#include "core/tensor/error.h"

#include <algorithm>
#include <cmath>

namespace fovea {

FamilyView::FamilyView(const QString& id, const QString& title, Session& session, QWidget* parent)
    : View(id, title, session, parent)
{
    followSteps();
}

QString FamilyView::missing() const
{
    const TracePtr& trace = session().slot().trace();
    if (!trace || trace->steps.empty() || session().player().steps() == 0)
        return session().slot().lab
            ? tr("The lab is starting.")
            : tr("Press “Start a new run” in the panel Lab, or open a trace with many steps.");
    if (!problem_.isEmpty())
        return problem_;
    return panels_.empty() ? tr("No signal of this run is a vector.") : QString();
}

VectorFamily FamilyView::familyIn(const StepRecords& step) const
{
    return familyOf(step, session().selection().record);
}

const StepList& FamilyView::stepsOf(const Panel& panel) const
{
    static const StepList noSteps; // between two labs
    const Player& player = session().player();
    const auto run = static_cast<std::size_t>(panel.run);
    const bool isShown = panel.run < 0 || panel.run == player.shown() || run >= player.tree().runs.size();
    const TracePtr& trace = isShown ? session().slot().trace() : player.tree().runs[run]->trace;
    return trace ? trace->steps : noSteps;
}

RecordPtr FamilyView::recordAt(const Panel& panel, Index number, bool orBefore, Index notBefore) const
{
    const StepList& steps = stepsOf(panel);
    std::ptrdiff_t at = lastUpTo(steps, number);
    if (at < 0 || (!orBefore && steps[static_cast<std::size_t>(at)]->step() != number))
        return nullptr;
    RecordPtr found = steps[static_cast<std::size_t>(at)]->find(panel.path);
    while (orBefore && !found && at > 0 && steps[static_cast<std::size_t>(at - 1)]->step() > notBefore)
        found = steps[static_cast<std::size_t>(--at)]->find(panel.path); // thinned ones have no large records
    return found && found->value.count() == panel.last->value.count() ? found : nullptr;
}

Index FamilyView::shownStep() const
{
    const TracePtr& trace = session().slot().trace();
    const std::size_t at = session().selection().step;
    return trace && at < trace->steps.size() ? trace->steps[at]->step() : -1;
}

Index FamilyView::lastStep() const
{
    const Index last = session().slot().trace()->steps.back()->step();
    return session().slot().lab ? std::max(last, session().player().horizon()) : std::max<Index>(1, last);
}

Index FamilyView::chosenNumber() const
{
    const std::string& chosen = session().selection().record;
    for (const auto& [number, record] : family_.members)
        if (chosen == record->path() || chosen == pathIn(patternOf(chosen), number))
            return number;
    return family_.members.empty() ? 0 : family_.members.begin()->first;
}

bool FamilyView::isChosen(const Panel& panel) const
{
    return panel.number == chosenNumber() && (panel.run < 0 || panel.run == session().player().shown());
}

std::vector<int> FamilyView::runs() const
{
    const Player& player = session().player();
    if (!session().slot().lab)
        return {-1};
    const std::string& which = session().display().map.runs;
    std::vector<int> all;
    for (int run = 0; run < static_cast<int>(player.tree().runs.size()); ++run)
        if (which == "all" || run == player.shown() || (which == "compared" && run == player.compared()))
            all.push_back(run);
    return all;
}

/// Those that are asked for, else a page of them around the chosen one.
std::vector<Index> FamilyView::numbers() const
{
    const std::vector<Index> wanted = panelsOf(session().display().map);
    for (const Index number : wanted)
        if (!family_.members.contains(number))
            throw Error("field 'map_panels': there is no signal " + pathIn(family_.pattern, number));
    if (!wanted.empty())
        return wanted;
    std::vector<Index> all;
    for (const auto& [number, record] : family_.members)
        all.push_back(number);
    const std::size_t page = std::max<std::size_t>(1, mostPanels / std::max<std::size_t>(1, runs().size()));
    const auto chosen = static_cast<std::size_t>(std::ranges::find(all, chosenNumber()) - all.begin());
    const std::size_t first = chosen / page * page;
    return {all.begin() + static_cast<std::ptrdiff_t>(std::min(first, all.size())),
        all.begin() + static_cast<std::ptrdiff_t>(std::min(first + page, all.size()))};
}

void FamilyView::choosePanels()
{
    const std::vector<int> of = runs();
    std::vector<Panel> fresh;
    for (const Index number : numbers())
        for (const int run : of) {
            const int letter = run < 0 ? -1 : session().player().numberOf(run);
            Panel panel{
                run, letter, number, pathIn(family_.pattern, number), family_.nameOf(number), {}, {}, {}};
            if (of.size() > 1)
                panel.title = session().player().nameOf(run) + QStringLiteral(" · ") + panel.title
                    + session().player().differenceOf(run);
            const StepList& steps = stepsOf(panel);
            panel.last = steps.empty() ? nullptr : steps.back()->find(panel.path);
            if (!panel.last)
                continue; // another config: it has fewer
            for (Panel& before : panels_) // what was gathered before is not gathered again
                if (before.path == panel.path && before.letter == panel.letter)
                    panel.extents = std::move(before.extents);
            fresh.push_back(std::move(panel));
        }
    panels_ = std::move(fresh);
}

void FamilyView::chooseColumns()
{
    std::string which = session().display().map.columns;
    if (which == "seen" && !usesList())
        which = "own"; // a curve at 0 says nothing, a column keeps its place beside the other panel's
    for (Panel& panel : panels_) {
        panel.columns.clear();
        for (Index element = 0; element < panel.last->value.count(); ++element)
            if (which == "all" || panel.extents.isSeen(element)
                || (which == "seen" && std::ranges::any_of(panels_, [&](const Panel& other) {
                       return other.extents.isSeen(element);
                   })))
                panel.columns.push_back(element);
        if (panel.columns.empty()) // nothing but zeros: they are shown
            for (Index element = 0; element < panel.last->value.count(); ++element)
                panel.columns.push_back(element);
    }
}

void FamilyView::renew()
{
    const TracePtr& trace = session().slot().trace();
    problem_.clear();
    listed_.clear();
    shownRecord_ = session().selection().record;
    if (!trace || trace->steps.empty()) {
        panels_.clear();
        family_ = {};
        return;
    }
    family_ = familyIn(*trace->steps.back());
    try {
        if (usesList())
            listed_ = fovea::stepsOf(session().display().map);
        choosePanels();
    } catch (const Error& error) {
        panels_.clear();
        problem_ = QString::fromUtf8(error.what());
    }
    followPanels();
}

void FamilyView::gather() { panels_.empty() ? renew() : followPanels(); }

void FamilyView::followPanels()
{
    const auto& runs = session().player().tree().runs;
    for (Panel& panel : panels_) {
        const auto run = static_cast<std::size_t>(panel.run);
        if (panel.run < 0)
            panel.extents.follow(session().slot().trace(), panel.path);
        else if (run < runs.size())
            panel.extents.follow(runs[run]->trace, panel.path);
    }
    chooseColumns();
}

/// Another record is perhaps of other signals, or on another page of them.
void FamilyView::reselect()
{
    if (session().selection().record != shownRecord_)
        refresh();
    else
        update();
}

ValueRange FamilyView::range() const
{
    ValueRange all;
    for (const Panel& panel : panels_) {
        if (listed_.empty())
            all.include(panel.extents.range());
        for (const Index number : listed_)
            if (const RecordPtr record = recordAt(panel, number))
                for (const double value : VectorNumbers(record->value).values())
                    all.include(value);
    }
    return all;
}

ValueScale FamilyView::scaleOf(
    const QString& quantity, const std::string& unit, const ValueRange& range) const
{
    const Display& display = session().display();
    ValueScale scale;
    const bool isSigned = range.min < 0;
    scale.colors
        = &ColorMap::named(isSigned ? ColorMap::names(ColorMap::Kind::Diverging).first() : display.colors);
    scale.quantity = quantity;
    scale.unit = coreText(unit);
    scale.logarithmic = display.logarithmic && !isSigned;
    scale.mode = display.scale == ScaleMode::Fixed ? ScaleMode::Fixed : ScaleMode::Shown;
    if (scale.mode == ScaleMode::Fixed) {
        scale.max = display.fixedMax;
        scale.min = isSigned                                            ? -display.fixedMax
            : scale.logarithmic && range.minPositive < display.fixedMax ? range.minPositive
                                                                        : 0;
    }
    ValueRange whole = range;
    if (!scale.logarithmic && !isSigned)
        whole.include(0);
    scale.fit(whole);
    return scale;
}

QString FamilyView::quantity() const { return family_.quantity(); }

double FamilyView::panelsAcross(double width, const Style& style) const
{
    constexpr double panelWidth = 26; // in text sizes
    const double room = std::max(1.0, std::floor(width / (panelWidth * style.textSize)));
    return std::min(
        {room, panels_.size() > 4 ? 3.0 : 2.0, std::max(1.0, static_cast<double>(panels_.size()))});
}

}
