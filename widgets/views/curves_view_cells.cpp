// The curves as a table that keys and screen readers walk: a row for each curve, a column for each step.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/player.h"
#include "widgets/views/curves_view.h"

#include <cmath>

namespace fovea {

QSize CurvesView::cells() const
{
    int rows = 0;
    for (const Panel& panel : panels_)
        rows += static_cast<int>(panel.series.size());
    return {static_cast<int>(session().player().steps()), rows};
}

QPoint CurvesView::current() const
{
    const QPoint cell(static_cast<int>(session().selection().step), row_);
    return holds(cell) ? cell : none;
}

void CurvesView::goTo(QPoint cell)
{
    row_ = cell.y();
    session().player().goTo(static_cast<std::size_t>(cell.x()));
    announce();
}

const CurvesView::Series& CurvesView::seriesAt(int row, const Panel** of) const
{
    for (const Panel& panel : panels_) {
        if (row < static_cast<int>(panel.series.size())) {
            *of = &panel;
            return panel.series[static_cast<std::size_t>(row)];
        }
        row -= static_cast<int>(panel.series.size());
    }
    *of = &panels_.back();
    return panels_.back().series.back();
}

QString CurvesView::cellText(QPoint cell) const
{
    const Panel* panel = nullptr;
    const Series& series = seriesAt(cell.y(), &panel);
    const Index number = session().slot().trace()->steps[static_cast<std::size_t>(cell.x())]->step();
    const double value = series.course.at(number);
    return QStringList{columnName(cell.x()), rowName(cell.y()),
        std::isfinite(value) ? numberText(value, 4) : tr("no number")}
        .join(QStringLiteral(", "));
}

QString CurvesView::columnName(int column) const
{
    return tr("step %1").arg(session().slot().trace()->steps[static_cast<std::size_t>(column)]->step());
}

QString CurvesView::rowName(int row) const
{
    const Panel* panel = nullptr;
    const Series& series = seriesAt(row, &panel);
    return series.name.isEmpty() ? panel->quantity : panel->quantity + QLatin1Char(' ') + series.name;
}

QRectF CurvesView::cellRect(QPoint cell) const
{
    const Style style = screenStyle();
    const auto places = placesIn(body(), style);
    int row = cell.y();
    for (std::size_t i = 0; i < panels_.size(); ++i) {
        if (row < static_cast<int>(panels_[i].series.size())) {
            const PlotFrame frame = frameOf(panels_[i], linesOf(panels_[i], style), places[i], style);
            const Index number = session().slot().trace()->steps[static_cast<std::size_t>(cell.x())]->step();
            const double x = frame.xOf(xOf(static_cast<double>(number)));
            return {x - 1, frame.area.top(), 2, frame.area.height()};
        }
        row -= static_cast<int>(panels_[i].series.size());
    }
    return body();
}

QPoint CurvesView::cellAt(QPointF point) const
{
    const auto places = missing().isEmpty() ? placesIn(body(), screenStyle()) : std::vector<QRectF>();
    int row = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (places[i].contains(point))
            return {static_cast<int>(session().selection().step), row};
        row += static_cast<int>(panels_[i].series.size());
    }
    return none;
}

}
