// What stands at which step and element, for the mouse, arrow keys, screen readers and files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/ticks.h"
#include "widgets/session/player.h"
#include "widgets/views/family_view.h"
#include "widgets/views/reading.h"

#include <QMouseEvent>

#include <algorithm>
#include <cmath>

namespace fovea {

QSize FamilyView::cells() const
{
    std::size_t columns = 0;
    for (const Panel& panel : panels())
        columns += panel.columns.size();
    return {static_cast<int>(columns), rows()};
}

int FamilyView::rows() const
{
    return static_cast<int>(listed().empty() ? session().player().steps() : listed().size());
}

int FamilyView::currentRow() const
{
    if (listed().empty())
        return static_cast<int>(session().selection().step);
    const auto found = std::ranges::find(listed(), shownStep());
    return found == listed().end() ? 0 : static_cast<int>(found - listed().begin());
}

std::pair<std::size_t, std::size_t> FamilyView::placeOf(int column) const
{
    auto place = static_cast<std::size_t>(column);
    for (std::size_t i = 0; i + 1 < panels().size(); ++i) {
        if (place < panels()[i].columns.size())
            return {i, place};
        place -= panels()[i].columns.size();
    }
    return {panels().size() - 1, std::min(place, panels().back().columns.size() - 1)};
}

int FamilyView::columnOf(std::size_t panel, std::size_t place) const
{
    for (std::size_t i = 0; i < panel; ++i)
        place += panels()[i].columns.size();
    return static_cast<int>(place);
}

Index FamilyView::stepOfRow(int row) const
{
    const auto at = static_cast<std::size_t>(row);
    return listed().empty() ? session().slot().trace()->steps[at]->step() : listed()[at];
}

QPoint FamilyView::current() const
{
    const int row = currentRow();
    for (std::size_t i = 0; i < panels().size(); ++i)
        if (isChosen(panels()[i])) {
            const auto& columns = panels()[i].columns;
            const auto found = std::ranges::find(columns, chosenElement());
            return {
                columnOf(i, found == columns.end() ? 0 : static_cast<std::size_t>(found - columns.begin())),
                row};
        }
    return {0, row};
}

/// Another panel chooses its signal, in the record that is shown elsewhere too: of classes.0.r it makes
/// classes.1.r.
void FamilyView::goTo(QPoint cell)
{
    const auto [at, place] = placeOf(cell.x());
    const Panel& panel = panels()[at];
    Selection selection = session().selection();
    selection.channel = static_cast<int>(panel.columns[place]);
    if (panel.number != chosenNumber()) {
        const StepRecords& step = *session().slot().trace()->steps.back();
        const std::string same = pathIn(patternOf(selection.record), panel.number);
        const VectorFamily usual = familyOf(step, {});
        const auto instead = usual.members.find(panel.number);
        selection.record = !selection.record.empty() && step.find(same) ? same
            : instead != usual.members.end()                            ? instead->second->path()
                                                                        : panel.path;
    }
    const Index number = stepOfRow(cell.y());
    const StepList& steps = session().slot().trace()->steps;
    const std::size_t position = std::min(steps.lowerBound(number), steps.size() - 1);
    const bool isThere = steps[position]->step() == number;
    if (isThere)
        selection.step = position;
    session().setSelection(selection);
    if (!isThere)
        session().player().goToNumber(number);
}

QString FamilyView::cellText(QPoint cell) const
{
    const auto [at, place] = placeOf(cell.x());
    const RecordPtr record = recordAt(panels()[at], stepOfRow(cell.y()), listed().empty());
    const double value = record
        ? VectorNumbers(record->value).values()[static_cast<std::size_t>(panels()[at].columns[place])]
        : NAN;
    return QStringList{columnName(cell.x()), rowName(cell.y()),
        record ? std::isfinite(value) ? numberText(value, 4) : tr("no number") : tr("not recorded")}
        .join(QStringLiteral(", "));
}

QString FamilyView::columnName(int column) const
{
    const auto [at, place] = placeOf(column);
    const Panel& panel = panels()[at];
    const Index element = panel.columns[place];
    const QString name = elementName(*panel.last, element), number = QString::number(element);
    return QStringLiteral("%1, %2").arg(panel.title,
        name == number ? QStringLiteral("%1 %2").arg(elementAxis(*panel.last), number)
                       : QStringLiteral("%1 (%2)").arg(name, number));
}

QString FamilyView::rowName(int row) const { return tr("step %1").arg(stepOfRow(row)); }

void FamilyView::mouseMoveEvent(QMouseEvent* event)
{
    const QPoint cell
        = event->buttons() & Qt::LeftButton && missing().isEmpty() ? cellAt(event->position()) : none;
    if (cell != none)
        goTo(cell);
}

QString FamilyView::caption() const
{
    if (!missing().isEmpty())
        return {};
    QStringList parts{quantity()};
    if (const auto all = family().members.size();
        all > 1 && panels().front().number != panels().back().number)
        parts.append(
            tr("%1 to %2 of %3")
                .arg(family().nameOf(panels().front().number), family().nameOf(panels().back().number))
                .arg(all));
    const auto [at, place] = placeOf(current().x());
    const Panel& panel = panels()[at];
    const RecordPtr record = recordAt(panel, shownStep());
    if (!isChosen(panel) || !record)
        return (parts << tr("step %1").arg(shownStep())).join(QStringLiteral(" · "));
    const Index element = panel.columns[place];
    const double value = VectorNumbers(record->value).values()[static_cast<std::size_t>(element)];
    return (parts << tr("%1, step %2: %3")
                         .arg(columnName(current().x()))
                         .arg(shownStep())
                         .arg(std::isfinite(value) ? readingText(value, 3) : tr("no number")))
        .join(QStringLiteral(" · "));
}

QStringList FamilyView::badges() const
{
    QStringList badges;
    Index left = 0;
    for (const Panel& panel : panels())
        left = std::max(left, panel.last->value.count() - static_cast<Index>(panel.columns.size()));
    if (left > 0)
        badges.append(tr("%n elements left out: 0 at every step", nullptr, static_cast<int>(left)));
    QStringList away;
    for (const Index number : listed())
        if (std::ranges::none_of(
                panels(), [&](const Panel& panel) { return recordAt(panel, number) != nullptr; }))
            away.append(QString::number(number));
    if (!away.isEmpty())
        badges.append(tr("not recorded: step %1").arg(away.join(QStringLiteral(", "))));
    return badges;
}

/// A matrix for each panel: a row for each step, all elements.
std::vector<Record> FamilyView::data() const
{
    std::vector<Record> records;
    if (!missing().isEmpty())
        return records;
    for (const Panel& panel : panels()) {
        std::vector<double> numbers, values;
        const auto add = [&](Index number, const RecordPtr& record) {
            if (!record || record->value.count() != panel.last->value.count())
                return;
            const VectorNumbers row(record->value);
            numbers.push_back(static_cast<double>(number));
            values.insert(values.end(), row.values().begin(), row.values().end());
        };
        if (listed().empty())
            for (const StepPtr& step : stepsOf(panel))
                add(step->step(), step->find(panel.path));
        for (const Index number : listed())
            add(number, recordAt(panel, number));
        const QString run
            = panel.run < 0 ? QString() : QLatin1Char('.') + session().player().nameOf(panel.run);
        Record record = namedRecord(panel.path + run.toStdString(), Kind::Matrix,
            Tensor::of<double>({static_cast<Index>(numbers.size()), panel.last->value.count()}, values),
            quantity().toStdString());
        QStringList names;
        for (Index element = 0; element < panel.last->value.count(); ++element)
            names.append(elementName(*panel.last, element));
        nameAxis(record, 1, elementAxis(*panel.last).toStdString(), names);
        record.axes[0] = {"step", "", numbers, {}};
        records.push_back(std::move(record));
    }
    return records;
}

}
