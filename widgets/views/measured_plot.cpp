// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/measured_plot.h"

#include "widgets/plots/painters.h"
#include "widgets/plots/plot_frame.h"

#include <algorithm>
#include <limits>

namespace fovea {

namespace {

double textLine(const Style& style) { return 1.5 * style.smallTextSize; }
double numberWidth(const Style& style)
{
    return textWidth(QStringLiteral("−.00"), style.smallFont(), style.unitsPerInch) + style.gap;
}

void paintColumn(
    QPainter& painter, const MeasuredPlaces& at, const MeasuredTable& table, int index, const Style& style)
{
    const MeasuredColumn& column = table.columns[static_cast<std::size_t>(index)];
    const QFont font = style.smallFont();
    const QRectF first = at.cellOf({index, 0}), dots = at.dotsOf(index, style);
    const PlotFrame frame{dots, column.axis, {}};
    painter.setPen(style.ink);
    paintText(painter, {first.left(), at.area.top() - at.head, first.width() - style.gap, textLine(style)},
        Qt::AlignLeft | Qt::AlignVCenter, at.isBrief && !column.brief.isEmpty() ? column.brief : column.title,
        font);
    painter.setPen(style.faint);
    if (!at.isBrief)
        paintText(painter,
            {first.left(), at.area.top() - at.head + textLine(style), first.width() - style.gap,
                textLine(style)},
            Qt::AlignLeft | Qt::AlignVCenter, column.hint, font);
    for (const Tick& tick : fittingTicks(column.axis, dots.width(), true, style)) {
        const double x = frame.xOf(tick.value);
        painter.setPen(QPen(style.grid, style.axisWidth));
        painter.drawLine(QPointF(x, dots.top()), QPointF(x, dots.bottom()));
        painter.setPen(style.faint);
        const double room = dots.width();
        paintText(painter, {x - room / 2, at.area.bottom(), room, at.foot}, Qt::AlignCenter, tick.text, font);
    }
    if (std::isfinite(column.level))
        paintUpright(painter, frame, column.level, {style.faint, style.lineWidth, Qt::DashLine});
}

void paintDot(QPainter& painter, const QRectF& cell, const PlotFrame& frame, const MeasuredDot& dot,
    const QColor& color, const Style& style)
{
    const double y = cell.center().y(), radius = 0.36 * style.smallTextSize;
    painter.setPen(style.faint);
    paintText(painter,
        {frame.area.right(), cell.top(), cell.right() - frame.area.right() - style.gap, cell.height()},
        Qt::AlignRight | Qt::AlignVCenter, shortNumber(dot.value), style.smallFont());
    painter.setPen(QPen(color, style.lineWidth));
    if (std::isfinite(dot.second))
        painter.drawLine(QPointF(frame.xOf(dot.second), y - 1.5 * radius),
            QPointF(frame.xOf(dot.second), y + 1.5 * radius));
    if (!std::isfinite(dot.value))
        return;
    if (std::isfinite(dot.low) && std::isfinite(dot.high))
        painter.drawLine(QPointF(frame.xOf(dot.low), y), QPointF(frame.xOf(dot.high), y));
    painter.setBrush(dot.isFilled ? color : style.ground);
    painter.drawEllipse(QPointF(frame.xOf(dot.value), y), radius, radius);
    painter.setBrush(Qt::NoBrush);
}

}

QString shortNumber(double value)
{
    if (!std::isfinite(value))
        return QStringLiteral("–");
    const double rounded = std::round(100 * value) / 100;
    const QString digits = QString::number(std::abs(rounded), 'f', 2);
    const QString text = digits.startsWith(QLatin1String("0.")) ? digits.mid(1) : digits;
    return rounded < 0 ? QChar(0x2212) + text : text;
}

void MeasuredColumn::fitAxis(bool hasZero)
{
    double low = hasZero ? 0 : std::numeric_limits<double>::infinity(), high = -low;
    const auto include = [&](double value) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    };
    for (const MeasuredDot& dot : dots)
        for (const double value : {dot.value, dot.low, dot.high, dot.second})
            include(value);
    include(level);
    if (!std::isfinite(low) || low == high)
        high = (low = std::isfinite(low) ? low : 0) + 1;
    constexpr double step = 0.05; // round ends
    axis.min = std::floor(low / step) * step;
    axis.max = std::ceil(high / step) * step;
}

MeasuredPlaces MeasuredPlaces::within(const QRectF& body, const MeasuredTable& table, const Style& style)
{
    MeasuredPlaces p;
    p.rows = static_cast<int>(table.rows.size());
    p.columns = static_cast<int>(table.columns.size());
    p.baselines = table.baselines;
    for (const QString& name : table.rows)
        p.label = std::max(p.label, textWidth(name, style.smallFont(), style.unitsPerInch));
    p.label = std::min(p.label + 2 * style.gap, 0.35 * body.width());
    const double width = (body.width() - p.label) / std::max(p.columns, 1) - style.gap;
    p.isBrief = std::ranges::any_of(table.columns, [&](const MeasuredColumn& column) {
        return textWidth(column.title, style.smallFont(), style.unitsPerInch) > width
            || textWidth(column.hint, style.smallFont(), style.unitsPerInch) > width;
    });
    p.head = (p.isBrief ? 1 : 2) * textLine(style);
    p.foot = textLine(style);
    p.gap = style.gap;
    const double room = body.height() - p.head - p.foot - p.gap;
    p.row = std::clamp(room / std::max(p.rows, 1), 0.0, 2.4 * style.smallTextSize);
    p.area = {body.left() + p.label, body.top() + p.head, body.width() - p.label, p.rows * p.row + p.gap};
    return p;
}

double MeasuredPlaces::heightFor(const MeasuredTable& table, const Style& style)
{
    return 3 * textLine(style) + style.gap
        + 1.8 * style.smallTextSize * static_cast<double>(table.rows.size());
}

QRectF MeasuredPlaces::cellOf(QPoint cell) const
{
    const double width = area.width() / std::max(columns, 1);
    const double below = cell.y() >= rows - baselines ? gap : 0;
    return {area.left() + cell.x() * width, area.top() + cell.y() * row + below, width, row};
}

QPoint MeasuredPlaces::at(QPointF point) const
{
    for (int y = 0; y < rows; ++y)
        for (int x = 0; x < columns; ++x)
            if (cellOf({x, y}).contains(point))
                return {x, y};
    return CellTable::none;
}

QRectF MeasuredPlaces::dotsOf(int column, const Style& style) const
{
    const QRectF cell = cellOf({column, 0});
    const double radius = 0.4 * style.smallTextSize;
    return {cell.left() + radius, area.top(),
        std::max(0.0, cell.width() - numberWidth(style) - style.gap - 2 * radius), area.height()};
}

void paintMeasured(
    QPainter& painter, const MeasuredPlaces& at, const MeasuredTable& table, const Style& style)
{
    for (int column = 0; column < at.columns; ++column)
        paintColumn(painter, at, table, column, style);
    for (int row = 0; row < at.rows; ++row) {
        const bool isBaseline = row >= at.rows - at.baselines;
        const QRectF first = at.cellOf({0, row});
        painter.setPen(isBaseline ? style.faint : style.ink);
        paintText(painter, {at.area.left() - at.label, first.top(), at.label - 2 * style.gap, at.row},
            Qt::AlignRight | Qt::AlignVCenter, table.rows.at(row), style.smallFont());
        for (int column = 0; column < at.columns; ++column) {
            const MeasuredColumn& of = table.columns[static_cast<std::size_t>(column)];
            if (row < static_cast<int>(of.dots.size()))
                paintDot(painter, at.cellOf({column, row}), {at.dotsOf(column, style), of.axis, {}},
                    of.dots[static_cast<std::size_t>(row)], isBaseline ? style.faint : style.accent, style);
        }
    }
}

}
