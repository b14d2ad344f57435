// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/fates_view.h"

#include "widgets/plots/painters.h"
#include "widgets/views/brush_work.h"
#include "widgets/views/input_picture.h"
#include "widgets/views/reading.h"

#include <QMouseEvent>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {
constexpr double closeCall = 1e-4; ///< of a score to the threshold: another build may decide otherwise
}

FatesView::FatesView(const QString& id, const QString& title, Session& session, QWidget* parent)
    : ComputedView(id, title, session, parent)
{
    setMouseTracking(true);
}

void FatesView::renew()
{
    picture_ = QImage();
    trace_ = session().slot().trace();
    fates_ = trace_ ? analysis::tokenFates(*trace_, session().selection().step) : std::nullopt;
}

QString FatesView::missing() const
{
    if (fates_)
        return {};
    if (!session().slot().trace())
        return tr("Which patches are kept needs a model and an input.");
    return tr("This model drops no tokens.");
}

std::optional<double> FatesView::threshold(int group) const
{
    return analysis::thresholdOf(*trace_, fates_->groups[static_cast<std::size_t>(group)].path);
}

const QImage& FatesView::picture() const
{
    if (picture_.isNull())
        picture_ = inputPicture(session().slot());
    return picture_;
}

double FatesView::aspect() const
{
    const Area extent = layout().extent();
    return std::clamp(extent.height / std::max(extent.width, 1e-9), 0.2, 5.0);
}

QString FatesView::caption() const
{
    if (!fates_)
        return {};
    const int chosen = token();
    return chosen < 0
        ? keptText(groups() - 1)
        : tr("%1 · %2: %3")
              .arg(tokenName(layout(), chosen), groupName(chosenGroup()), fateText(chosenGroup(), chosen));
}

std::vector<Record> FatesView::data() const
{
    std::vector<Record> all;
    for (int group = 0; group < groups(); ++group)
        if (const RecordPtr record = session().record(fates_->groups[static_cast<std::size_t>(group)].path))
            all.push_back(*record);
    return all;
}

bool FatesView::isSettled() const
{
    const Slot& slot = session().slot();
    return slot.base && (slot.edits.empty() ? !slot.edited : isRunOfEdits(slot));
}

int FatesView::token() const
{
    const auto spot = session().selection().anchor();
    return spot && fates_ ? fovea::tokenAt(layout(), *spot) : -1;
}

int FatesView::chosenGroup() const
{
    const auto& all = fates_->groups;
    const auto found = std::ranges::find(all, session().selection().record, &analysis::Judgement::path);
    return found == all.end() ? 0 : static_cast<int>(found - all.begin());
}

void FatesView::choose(int group)
{
    Selection selection = session().selection();
    selection.record = fates_->groups[static_cast<std::size_t>(group)].path;
    session().setSelection(selection);
}

QString FatesView::groupName(int group) const { return tr("group %1").arg(group); }

QString FatesView::keptText(int group, bool isShort) const
{
    int patches = 0;
    for (int token = 0; token < layout().tokens(); ++token)
        patches += layout().isSpecial(token) ? 0 : 1;
    const double share = fates_->keptShare(group);
    const QString text
        = tr("%1: %2 of %3").arg(groupName(group)).arg(std::lround(share * patches)).arg(patches);
    return isShort ? text : tr("%1 patches (%2 %)").arg(text, numberText(100 * share, 2));
}

QString FatesView::emptyText() const
{
    const int group = fates_ ? fates_->emptiedBy() : 0;
    return group < groups() ? tr("%1 drops every patch: the class token goes on alone").arg(groupName(group))
                            : QString();
}

bool FatesView::isClose(int group, int token) const
{
    const auto limit = threshold(group);
    const analysis::Judgement& judged = fates_->groups[static_cast<std::size_t>(group)];
    const auto at = static_cast<std::size_t>(token);
    return limit && judged.stood[at] && !layout().isSpecial(token)
        && std::abs(judged.score[at] - *limit) < closeCall;
}

QString FatesView::fateText(int group, int token) const
{
    const analysis::Judgement& judged = fates_->groups[static_cast<std::size_t>(group)];
    const auto at = static_cast<std::size_t>(token);
    if (layout().isSpecial(token))
        return tr("never dropped");
    if (!judged.stood[at])
        return tr("gone since group %1").arg(fates_->droppedIn(token));
    QString text = tr("score %1, rank %2 of %3")
                       .arg(numberText(judged.score[at], 4))
                       .arg(fates_->rankOf(group, token))
                       .arg(fates_->standing(group));
    if (const auto limit = threshold(group)) {
        const double above = judged.score[at] - *limit;
        text += (above > 0 ? tr(", %1 above the threshold") : tr(", %1 below the threshold"))
                    .arg(numberText(std::abs(above), 3));
        if (isClose(group, token))
            text += tr(" (a close call)");
    }
    return text + (judged.kept[at] ? tr(": kept") : tr(": dropped"));
}

QRectF FatesView::rectOf(int token, const QRectF& panel) const
{
    if (token < 0 || layout().isSpecial(token))
        return {};
    const Area extent = layout().extent(), area = layout().cellArea(layout().cells(token).front());
    const double sx = panel.width() / extent.width, sy = panel.height() / extent.height;
    return {panel.left() + (area.x - extent.x) * sx, panel.top() + (area.y - extent.y) * sy, area.width * sx,
        area.height * sy};
}

int FatesView::tokenAt(QPointF point, const QRectF& panel) const
{
    const Area extent = layout().extent();
    return panel.contains(point)
        ? layout().tokenAt({extent.x + (point.x() - panel.left()) / panel.width() * extent.width,
            extent.y + (point.y() - panel.top()) / panel.height() * extent.height})
        : -1;
}

void FatesView::outline(
    QPainter& painter, int token, const QRectF& panel, const Style& style, bool isDashed) const
{
    if (const QRectF rect = rectOf(token, panel); !rect.isEmpty())
        paintOutline(painter, rect, style, isDashed ? Qt::DashLine : Qt::SolidLine);
}

int FatesView::panelOfGroup(int group) const
{
    const int count = panels(body(), screenStyle()).count;
    for (int panel = 0; panel < count; ++panel)
        if (groupOfPanel(panel) == group)
            return panel;
    return -1;
}

QSize FatesView::cells() const
{
    return fates_ ? QSize(layout().gridCols() * groups(), layout().gridRows()) : QSize();
}

QPoint FatesView::current() const
{
    const int now = token();
    if (now < 0 || layout().isSpecial(now))
        return none;
    const int cell = layout().cells(now).front(), columns = layout().gridCols();
    return {chosenGroup() * columns + cell % columns, cell / columns};
}

void FatesView::goTo(QPoint cell)
{
    const int columns = layout().gridCols();
    const Place place = layout().cellArea(cell.y() * columns + cell.x() % columns).centre();
    Selection selection = session().selection();
    selection.record = fates_->groups[static_cast<std::size_t>(cell.x() / columns)].path;
    anchorOf(selection.pin, selection.direction) = Spot{{}, place};
    session().setSelection(selection);
}

QString FatesView::cellText(QPoint cell) const
{
    const int columns = layout().gridCols();
    const int at = layout().tokenAt(layout().cellArea(cell.y() * columns + cell.x() % columns).centre());
    const int group = cell.x() / columns;
    return at < 0 ? tr("no token")
                  : tr("%1, %2: %3").arg(groupName(group), tokenName(layout(), at), fateText(group, at));
}

QString FatesView::columnName(int column) const
{
    return tr("%1, column %2").arg(groupName(column / layout().gridCols())).arg(column % layout().gridCols());
}

QRectF FatesView::cellRect(QPoint cell) const
{
    const int columns = layout().gridCols(), panel = panelOfGroup(cell.x() / columns);
    const int at = layout().tokenAt(layout().cellArea(cell.y() * columns + cell.x() % columns).centre());
    return panel < 0 ? QRectF() : rectOf(at, panels(body(), screenStyle()).panelOf(panel));
}

QPoint FatesView::cellAt(QPointF point) const
{
    const PanelGrid grid = panels(body(), screenStyle());
    const int panel = grid.at(point), group = panel < 0 ? -1 : groupOfPanel(panel);
    const int at = group < 0 ? -1 : tokenAt(point, grid.panelOf(panel));
    if (at < 0)
        return none;
    const int cell = layout().cells(at).front(), columns = layout().gridCols();
    return {group * columns + cell % columns, cell / columns};
}

void FatesView::mouseMoveEvent(QMouseEvent* event)
{
    View::mouseMoveEvent(event);
    if (!missing().isEmpty())
        return;
    const QPoint cell = cellAt(event->position());
    Selection selection = session().selection();
    selection.hover = {};
    if (cell != none) {
        const int columns = layout().gridCols();
        const Place place = layout().cellArea(cell.y() * columns + cell.x() % columns).centre();
        anchorOf(selection.hover, selection.direction) = Spot{{}, place};
        if (!anchorOf(selection.pin, selection.direction))
            selection.record = fates_->groups[static_cast<std::size_t>(cell.x() / columns)].path;
    }
    session().setSelection(selection);
}

void FatesView::mousePressEvent(QMouseEvent* event)
{
    const QPoint cell = missing().isEmpty() ? cellAt(event->position()) : none;
    if (event->button() != Qt::LeftButton || cell == none)
        return View::mousePressEvent(event);
    setFocus(Qt::MouseFocusReason);
    Selection selection = session().selection();
    auto& pin = anchorOf(selection.pin, selection.direction);
    if (cell != current() || !pin)
        return goTo(cell);
    pin = {};
    session().setSelection(selection);
}

void FatesView::leaveEvent(QEvent* event)
{
    View::leaveEvent(event);
    Selection selection = session().selection();
    selection.hover = {};
    session().setSelection(selection);
}

}
