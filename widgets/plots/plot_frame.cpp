// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plot_frame.h"

#include "widgets/plots/painters.h"

#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

void paintXAxis(QPainter& painter, const PlotFrame& frame, const Style& style)
{
    const QRectF& area = frame.area;
    const double textTop = area.bottom() + style.tickLength + style.gap / 2;
    const double cap = capHeight(style.smallFont(), style.unitsPerInch);
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    for (const Tick& tick : fittingTicks(frame.x, area.width(), true, style)) {
        const double x = frame.xOf(tick.value);
        const double half = textWidth(tick.text, style.smallFont(), style.unitsPerInch);
        painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + style.tickLength));
        paintText(painter, QRectF(x - half, textTop, 2 * half, cap), Qt::AlignHCenter, tick.text,
            style.smallFont());
    }
    const double label = textWidth(frame.x.label, style.textFont(), style.unitsPerInch);
    double left = area.center().x() - label / 2; // a short axis has its whole name all the same
    if (frame.end > 0)
        left = std::min(left, frame.end - label);
    paintText(painter, {left, textTop + cap + style.gap, label, style.textSize}, Qt::AlignLeft | Qt::AlignTop,
        frame.x.label, style.textFont());
}

void paintYAxis(QPainter& painter, const PlotFrame& frame, const Style& style)
{
    const QRectF& area = frame.area;
    const std::vector<Tick> ticks = fittingTicks(frame.y, area.height(), false, style);
    const double textRight = area.left() - style.tickLength - style.gap / 2, width = widestTick(ticks, style);
    painter.drawLine(area.topLeft(), area.bottomLeft());
    for (const Tick& tick : ticks) {
        const double y = frame.yOf(tick.value);
        painter.drawLine(QPointF(area.left(), y), QPointF(area.left() - style.tickLength, y));
        paintText(painter, QRectF(textRight - width, y - style.textSize, width, 2 * style.textSize),
            Qt::AlignRight, tick.text, style.smallFont());
    }
    paintTextUpwards(painter,
        QRectF(textRight - width - style.gap - style.textSize, area.top(), style.textSize, area.height()),
        Qt::AlignHCenter, frame.y.label, style.textFont());
}

void paintLine(QPainter& painter, const QLineF& line, const Mark& mark)
{
    painter.setPen(QPen(mark.color, mark.width, mark.dash, Qt::FlatCap));
    painter.drawLine(line);
}

}

std::vector<Tick> fittingTicks(const AxisSpec& axis, double length, bool horizontal, const Style& style)
{
    if (axis.bare)
        return {};
    const bool isListed = !horizontal && axis.hasFewNames(); // line under line
    int atMost = isListed ? std::max(2, static_cast<int>(length / (style.smallTextSize * 1.1)))
                          : std::clamp(static_cast<int>(length / (style.smallTextSize * 3)), 2, 8);
    std::vector<Tick> ticks = ticksOf(axis, atMost);
    while (horizontal && atMost > 2
        && static_cast<double>(ticks.size()) * (widestTick(ticks, style) + style.smallTextSize) > length)
        ticks = ticksOf(axis, --atMost);
    const double room
        = horizontal ? widestTick(ticks, style) + style.smallTextSize : 1.2 * style.smallTextSize;
    if (ticks.size() == 2) // no fewer are asked for: where two would touch, one stands
        if (const double apart = (axis.position(ticks[1].value) - axis.position(ticks[0].value)) * length;
            std::abs(apart) < room)
            ticks.erase(ticks.begin());
    return ticks;
}

PlotFrame PlotFrame::within(const QRectF& rect, AxisSpec x, AxisSpec y, const Style& style)
{
    const double below = style.tickLength + style.gap / 2 + capHeight(style.smallFont(), style.unitsPerInch)
        + (x.label.isEmpty() ? 0 : style.gap + style.textSize);
    const double top = style.smallTextSize / 2;
    const double beside = widestTick(fittingTicks(y, rect.height() - below - top, false, style), style);
    const double left
        = style.tickLength + style.gap / 2 + beside + (y.label.isEmpty() ? 0 : style.gap + style.textSize);
    std::vector<Tick> xTicks = fittingTicks(x, rect.width() - left, true, style);
    const double right
        = xTicks.empty() ? 0 : textWidth(xTicks.back().text, style.smallFont(), style.unitsPerInch) / 2;
    return {rect.adjusted(left, top, -right, -below), std::move(x), std::move(y)};
}

double PlotFrame::yOf(double value) const
{
    const double position = y.position(value);
    return area.top() + (y.downward ? position : 1 - position) * area.height();
}

void paintAxes(QPainter& painter, const PlotFrame& frame, const Style& style, bool boxed)
{
    painter.save();
    painter.setPen(QPen(style.ink, style.axisWidth, Qt::SolidLine, Qt::SquareCap));
    painter.setBrush(Qt::NoBrush);
    paintXAxis(painter, frame, style);
    paintYAxis(painter, frame, style);
    if (boxed)
        painter.drawRect(frame.area);
    painter.restore();
}

void paintCurve(QPainter& painter, const PlotFrame& frame, std::span<const double> x,
    std::span<const double> y, const Mark& mark)
{
    QPainterPath path;
    bool drawing = false;
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
        const QPointF point = frame.at(x[i], y[i]);
        const bool finite = std::isfinite(point.x()) && std::isfinite(point.y());
        if (finite && drawing)
            path.lineTo(point);
        else if (finite)
            path.moveTo(point);
        drawing = finite;
    }
    painter.save();
    painter.setClipRect(frame.area, Qt::IntersectClip);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(mark.color, mark.width, mark.dash, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(path);
    painter.restore();
}

void paintPoint(QPainter& painter, const PlotFrame& frame, double x, double y, const Mark& mark)
{
    const QPointF centre = frame.at(x, y);
    if (!std::isfinite(centre.x()) || !std::isfinite(centre.y()))
        return;
    painter.setPen(mark.outline.isValid() ? QPen(mark.outline, mark.width / 10) : QPen(Qt::NoPen));
    painter.setBrush(mark.color);
    painter.drawEllipse(centre, mark.width / 2, mark.width / 2);
}

void paintBars(QPainter& painter, const PlotFrame& frame, std::span<const double> values,
    Qt::Orientation orientation, const QColor& color)
{
    QPainterPath path;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto cell = static_cast<double>(i);
        if (!std::isfinite(values[i]))
            continue;
        path.addRect(orientation == Qt::Vertical
                ? QRectF(frame.at(cell - 0.5, 0), frame.at(cell + 0.5, values[i])).normalized()
                : QRectF(frame.at(0, cell - 0.5), frame.at(values[i], cell + 0.5)).normalized());
    }
    painter.save();
    painter.setClipRect(frame.area, Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing, false); // no seams between bars
    path.setFillRule(Qt::WindingFill);
    painter.fillPath(path, color);
    painter.restore();
}

void paintLevel(QPainter& painter, const PlotFrame& frame, double y, const Mark& mark)
{
    paintLine(painter, QLineF(frame.area.left(), frame.yOf(y), frame.area.right(), frame.yOf(y)), mark);
}

void paintUpright(QPainter& painter, const PlotFrame& frame, double x, const Mark& mark)
{
    paintLine(painter, QLineF(frame.xOf(x), frame.area.top(), frame.xOf(x), frame.area.bottom()), mark);
}

}
