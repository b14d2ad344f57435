// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/scatter_plot.h"

#include "widgets/plots/color_bar.h"
#include "widgets/plots/painters.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

double diameter(const Style& style) { return style.smallTextSize * 0.7; }

void takeExtent(AxisSpec& axis, const ScatterContent& content, Qt::Orientation orientation)
{
    if (axis.max > axis.min)
        return;
    ValueRange range;
    for (const ScatterPoint& point : content.points)
        range.include(orientation == Qt::Horizontal ? point.y : point.x);
    for (const ReferenceLine& line : content.references)
        if (line.orientation == orientation)
            range.include(line.value);
    if (range.empty())
        return;
    const double margin = range.max > range.min ? 0.06 * (range.max - range.min) : 0.5;
    axis.min = range.min - margin;
    axis.max = range.max + margin;
}

}

ScatterPlot::ScatterPlot(QWidget* parent)
    : Canvas(parent)
{
    Panel panel;
    panel.drag = Drag::Brushes;
    panel.data = [this](QPainter& p, const PlotFrame& frame, const Style& style) {
        paintReferences(p, frame, style);
        paintPoints(p, frame, style);
    };
    panel.marks
        = [this](QPainter& p, const PlotFrame& frame, const Style& style) { paintMark(p, frame, style); };
    addPanel(std::move(panel));
    Panel bar;
    bar.column = 1;
    bar.hasAxes = false;
    bar.data = [this](QPainter& p, const PlotFrame& frame, const Style& style) {
        if (content_.shades)
            paintColorBar(p, frame.area, *content_.shades, style);
    };
    addPanel(std::move(bar));
}

void ScatterPlot::setContent(ScatterContent content)
{
    takeExtent(content.x, content, Qt::Vertical);
    takeExtent(content.y, content, Qt::Horizontal);
    content_ = std::move(content);
    brushed_.clear();
    marked_ = -1;
    setAxes(0, content_.x, content_.y);
    setWidth(1, content_.shades ? colorBarWidth(*content_.shades, height(), look()) : 0);
}

void ScatterPlot::setBrushed(std::vector<int> points)
{
    brushed_ = std::move(points);
    redraw();
}

void ScatterPlot::mark(int point)
{
    marked_ = point;
    redrawMarks();
}

QRectF ScatterPlot::rectOf(int point) const
{
    const ScatterPoint& p = content_.points[static_cast<std::size_t>(point)];
    const double side = diameter(look());
    return {frame(0).at(p.x, p.y) - QPointF(side, side) / 2, QSizeF(side, side)};
}

int ScatterPlot::pointAt(QPointF place) const
{
    const PlotFrame now = frame(0);
    int nearest = -1;
    double least = 1.5 * diameter(look());
    for (std::size_t i = 0; i < content_.points.size(); ++i) {
        const QPointF way = now.at(content_.points[i].x, content_.points[i].y) - place;
        const double distance = std::hypot(way.x(), way.y());
        if (distance < least) {
            least = distance;
            nearest = static_cast<int>(i);
        }
    }
    return nearest;
}

void ScatterPlot::hoverAt(int panel, QPointF at)
{
    emit hovered(panel == 0 ? pointAt(frame(0).at(at.x(), at.y())) : -1);
}

void ScatterPlot::clickAt(int panel, QPointF at)
{
    emit clicked(panel == 0 ? pointAt(frame(0).at(at.x(), at.y())) : -1);
}

void ScatterPlot::brushOver(QRectF area)
{
    std::vector<int> points;
    for (std::size_t i = 0; i < content_.points.size(); ++i)
        if (area.contains(content_.points[i].x, content_.points[i].y))
            points.push_back(static_cast<int>(i));
    setBrushed(points);
    emit brushed(points);
}

void ScatterPlot::paintPoints(QPainter& painter, const PlotFrame& frame, const Style& style) const
{
    for (std::size_t i = 0; i < content_.points.size(); ++i) {
        const ScatterPoint& point = content_.points[i];
        const bool fades = !brushed_.empty() && !std::ranges::binary_search(brushed_, static_cast<int>(i));
        painter.setOpacity(fades ? 0.2 : 1);
        const QColor color = content_.shades ? QColor(content_.shades->color(point.shade)) : style.ink;
        paintPoint(painter, frame, point.x, point.y, {color, diameter(style), Qt::SolidLine, style.faint});
    }
    painter.setOpacity(1);
}

void ScatterPlot::paintReferences(QPainter& painter, const PlotFrame& frame, const Style& style) const
{
    const Mark mark{style.faint, style.axisWidth, Qt::DashLine};
    for (const ReferenceLine& reference : content_.references) {
        if (reference.orientation == Qt::Horizontal)
            paintLevel(painter, frame, reference.value, mark);
        else
            paintUpright(painter, frame, reference.value, mark);
        paintName(painter, frame, reference, style);
    }
}

void ScatterPlot::paintName(
    QPainter& painter, const PlotFrame& frame, const ReferenceLine& line, const Style& style) const
{
    const double height = 1.3 * style.smallTextSize;
    const double width = textWidth(line.name, style.smallFont(), style.unitsPerInch);
    const double point = diameter(style) / 2;
    const auto hidden = [&](const QRectF& box) {
        const QRectF near = box.adjusted(-point, -point, point, point);
        return std::ranges::count_if(
            content_.points, [&](const ScatterPoint& p) { return near.contains(frame.at(p.x, p.y)); });
    };
    const QRectF area = frame.area.adjusted(style.gap, style.gap, -style.gap, -style.gap);
    const bool lies = line.orientation == Qt::Horizontal;
    const double at = lies ? frame.yOf(line.value) : frame.xOf(line.value);
    std::vector<QRectF> places; // on either side of the line, at either end
    for (const double side : {at - height, at + style.gap / 2})
        for (const bool isFirst : {true, false})
            places.push_back(lies
                    ? QRectF(isFirst ? area.right() - width : area.left(), side, width, height)
                    : QRectF(side, isFirst ? area.top() : area.bottom() - width, height, width));
    std::erase_if(places, [&](const QRectF& place) { return !frame.area.contains(place); });
    if (places.empty())
        return;
    const QRectF best = *std::ranges::min_element(places, {}, hidden);
    painter.setPen(style.ink);
    (lies ? paintText : paintTextUpwards)(painter, best, Qt::AlignLeft, line.name, style.smallFont());
}

void ScatterPlot::paintMark(QPainter& painter, const PlotFrame& frame, const Style& style) const
{
    if (marked_ < 0)
        return;
    const ScatterPoint& point = content_.points[static_cast<std::size_t>(marked_)];
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(style.accent, style.lineWidth));
    painter.drawEllipse(frame.at(point.x, point.y), diameter(style), diameter(style));
}

void ScatterPlot::paintFigure(QPainter& painter, const QRectF& rect, const Style& style) const
{
    std::optional<ColorBarRoom> bar;
    if (content_.shades)
        bar = ColorBarRoom::in(rect, *content_.shades, style);
    const PlotFrame frame = PlotFrame::within(bar ? bar->rest(rect) : rect, content_.x, content_.y, style);
    paintReferences(painter, frame, style);
    paintPoints(painter, frame, style);
    paintMark(painter, frame, style);
    paintAxes(painter, frame, style);
    if (bar)
        bar->paint(painter, frame.area, rect, *content_.shades, style);
}

}
