// What of the heads over steps lies where: for the mouse, arrow keys and screen readers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plot_frame.h"
#include "widgets/plots/value_scale.h"
#include "widgets/session/player.h"
#include "widgets/views/head_courses_view.h"
#include "widgets/views/reading.h"

#include <QMouseEvent>

#include <algorithm>
#include <cmath>

namespace fovea {

QString HeadCoursesView::cellText(QPoint cell) const
{
    const Row& row = rows_[static_cast<std::size_t>(cell.y())];
    const double value
        = row.course.at(session().slot().trace()->steps[static_cast<std::size_t>(cell.x())]->step());
    return QStringList{rowName(cell.y()), columnName(cell.x()),
        std::isfinite(value) ? numberText(value, 3) : tr("no number")}
        .join(QStringLiteral(", "));
}

QString HeadCoursesView::columnName(int column) const
{
    return tr("step %1").arg(session().slot().trace()->steps[static_cast<std::size_t>(column)]->step());
}

QString HeadCoursesView::rowName(int row) const
{
    const Row& at = rows_[static_cast<std::size_t>(row)];
    return tr("%1, head %2").arg(layerName(at.number)).arg(at.head);
}

QRectF HeadCoursesView::cellRect(QPoint cell) const
{
    const PlotFrame frame = frameIn(body(), scale(), screenStyle());
    const double height = frame.area.height() / static_cast<double>(rows_.size());
    const double x = frame.xOf(
        static_cast<double>(session().slot().trace()->steps[static_cast<std::size_t>(cell.x())]->step()));
    return {x - 1, frame.area.top() + cell.y() * height, 2, height};
}

QPoint HeadCoursesView::cellAt(QPointF point) const
{
    if (!missing().isEmpty())
        return none;
    const PlotFrame frame = frameIn(body(), scale(), screenStyle());
    if (!frame.area.contains(point))
        return none;
    const double number = (point.x() - frame.area.left()) / frame.area.width() * frame.x.max;
    const StepList& steps = session().slot().trace()->steps;
    const std::size_t at
        = std::min(steps.lowerBound(static_cast<Index>(std::llround(number))), steps.size() - 1);
    const auto row = static_cast<int>(
        (point.y() - frame.area.top()) / frame.area.height() * static_cast<double>(rows_.size()));
    return {static_cast<int>(at), std::min(row, static_cast<int>(rows_.size()) - 1)};
}

void HeadCoursesView::mouseMoveEvent(QMouseEvent* event)
{
    const QPoint cell = event->buttons() & Qt::LeftButton ? cellAt(event->position()) : none;
    if (cell != none)
        goTo(cell);
}

}
