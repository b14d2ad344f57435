// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/matrix_plot.h"

#include "widgets/plots/color_bar.h"
#include "widgets/plots/painters.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

/// From 0, or below it, to a little above the largest value.
AxisSpec axisOf(const Margin& margin)
{
    ValueRange range;
    range.include(0);
    for (const double value : margin.values)
        range.include(value);
    AxisSpec axis;
    axis.label = margin.label;
    axis.min = range.min;
    axis.max = range.max > range.min ? range.max + 0.05 * (range.max - range.min) : range.min + 1;
    return axis;
}

AxisSpec bare(AxisSpec axis)
{
    axis.label.clear();
    axis.bare = true;
    return axis;
}

AxisSpec unlabelled(AxisSpec axis)
{
    axis.label.clear();
    return axis;
}

std::vector<double> only(const std::vector<double>& values, int index)
{
    std::vector<double> one(values.size(), NAN);
    if (index >= 0 && index < static_cast<int>(values.size()))
        one[static_cast<std::size_t>(index)] = values[static_cast<std::size_t>(index)];
    return one;
}

QColor soft(const Style& style)
{
    QColor color = style.faint;
    color.setAlphaF(0.5F);
    return color;
}

}

MatrixPlot::MatrixPlot(QWidget* parent)
    : Canvas(parent)
{
    const auto painter = [this](auto method) {
        return [this, method](QPainter& p, const PlotFrame& frame, const Style& style) {
            (this->*method)(p, frame, style);
        };
    };
    addPanel({.row = 1,
        .column = 0,
        .drag = Drag::Moves,
        .boxed = true,
        .width = 5,
        .height = 5,
        .data = painter(&MatrixPlot::paintMapData),
        .marks = painter(&MatrixPlot::paintMapMarks)});
    addPanel({.row = 0,
        .column = 0,
        .width = 5,
        .data = painter(&MatrixPlot::paintTop),
        .marks = painter(&MatrixPlot::paintTopMark)});
    addPanel({.row = 1,
        .column = 1,
        .height = 5,
        .data = painter(&MatrixPlot::paintRight),
        .marks = painter(&MatrixPlot::paintRightMark)});
    linkX(Map, Top);
    linkY(Map, Right);
    Panel bar;
    bar.row = 1;
    bar.column = 2;
    bar.height = 5;
    bar.hasAxes = false;
    bar.data = [this](QPainter& p, const PlotFrame& frame, const Style& style) {
        (barIsBelow_ ? paintLyingBar : paintColorBar)(p, frame.area, content_.scale, style);
    };
    addPanel(std::move(bar));
    Panel name; // of what stands on top, in the corner that the margins leave free
    name.row = 0;
    name.column = 1;
    name.hasAxes = false;
    name.data = [this](QPainter& p, const PlotFrame& frame, const Style& style) {
        if (hasStrips_)
            paintTopName(p, frame.area, style);
    };
    addPanel(std::move(name));
}

AxisSpec MatrixPlot::columns() const
{
    return AxisSpec::ofCells(content_.columnLabel, image_.width(), content_.columnNames);
}

AxisSpec MatrixPlot::rows() const
{
    AxisSpec axis = AxisSpec::ofCells(content_.rowLabel, image_.height(), content_.rowNames);
    axis.downward = true;
    return axis;
}

void MatrixPlot::setContent(MatrixContent content)
{
    content_ = std::move(content);
    image_ = mapImage(content_.values, content_.scale);
    setAxes(Map, columns(), rows());
    setAxes(Top, bare(columns()), unlabelled(axisOf(content_.top)));
    setAxes(Right, axisOf(content_.right), bare(rows()));
    arrange();
    setShape(Map, shape());
    mark(row_ < image_.height() ? row_ : -1, column_ < image_.width() ? column_ : -1);
}

double MatrixPlot::shape() const
{
    return std::clamp(double(image_.height()) / std::max(1, image_.width()), 0.5, 1.5);
}

void MatrixPlot::resizeEvent(QResizeEvent* event)
{
    arrange();
    Canvas::resizeEvent(event);
}

void MatrixPlot::arrange()
{
    const Style style = look();
    const double side = std::min(width(), height()), beside = colorBarWidth(content_.scale, height(), style),
                 below = lyingBarHeight(content_.scale, style);
    hasStrips_ = side > 18 * style.textSize; // else the map needs all there is
    const double depth = hasStrips_ ? std::clamp(0.13 * side, 32.0, 96.0) : 0;
    setHeight(Top, depth);
    setWidth(Right, depth);
    for (const int strip : {Top, Right, Name})
        setShown(strip, hasStrips_);
    setWidth(Name, depth);
    setHeight(Name, depth);
    const auto cells = [&](double wide, double high) { // about what axes and strips leave
        return std::min(wide - depth - 8 * style.textSize, (high - depth - 6 * style.textSize) / shape());
    };
    barIsBelow_ = cells(width(), height() - below) > cells(width() - beside, height());
    if (barIsBelow_) {
        move(Bar, 2, 0);
        setHeight(Bar, below);
    } else {
        move(Bar, 1, 2);
        setWidth(Bar, beside);
    }
}

void MatrixPlot::mark(int row, int column)
{
    row_ = row;
    column_ = column;
    redrawMarks();
}

std::pair<int, int> MatrixPlot::cellIn(int panel, QPointF at) const
{
    const auto index = [](double value, int count) {
        return std::clamp(static_cast<int>(std::lround(value)), 0, std::max(0, count - 1));
    };
    if (panel < 0 || image_.isNull())
        return {-1, -1};
    return {panel == Top ? -1 : index(at.y(), image_.height()),
        panel == Right ? -1 : index(at.x(), image_.width())};
}

void MatrixPlot::hoverAt(int panel, QPointF at)
{
    const auto [row, column] = cellIn(panel, at);
    emit hovered(row, column);
}

void MatrixPlot::clickAt(int panel, QPointF at)
{
    const auto [row, column] = cellIn(panel, at);
    emit pinned(row, column);
}

QRectF MatrixPlot::rectOf(int row, int column) const
{
    const PlotFrame map = frame(Map);
    return {map.at(column - 0.5, row - 0.5), map.at(column + 0.5, row + 0.5)};
}

std::pair<int, int> MatrixPlot::cellAt(QPointF point) const
{
    const PlotFrame map = frame(Map);
    if (!map.area.contains(point))
        return {-1, -1};
    const QPointF share = point - map.area.topLeft();
    return cellIn(Map,
        {map.x.min + share.x() / map.area.width() * (map.x.max - map.x.min),
            map.y.min + share.y() / map.area.height() * (map.y.max - map.y.min)});
}

void MatrixPlot::paintMapData(QPainter& painter, const PlotFrame& frame, const Style& style) const
{
    const QRectF all(frame.at(-0.5, -0.5), frame.at(image_.width() - 0.5, image_.height() - 0.5));
    paintMap(painter, all, image_, style);
}

void MatrixPlot::paintMapMarks(QPainter& painter, const PlotFrame& frame, const Style& style) const
{
    const double out = style.axisWidth / 2; // the line stands outside the cells
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(style.accent, style.axisWidth, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
    if (row_ >= 0) {
        const QPointF from(frame.area.left(), frame.yOf(row_ - 0.5)),
            to(frame.area.right(), frame.yOf(row_ + 0.5));
        painter.drawRect(QRectF(from, to).adjusted(0, -out, 0, out));
    }
    if (column_ >= 0) {
        const QPointF from(frame.xOf(column_ - 0.5), frame.area.top()),
            to(frame.xOf(column_ + 0.5), frame.area.bottom());
        painter.drawRect(QRectF(from, to).adjusted(-out, 0, out, 0));
    }
}

void MatrixPlot::paintTop(QPainter& painter, const PlotFrame& frame, const Style& style) const
{
    paintBars(painter, frame, content_.top.values, Qt::Vertical, soft(style));
}

void MatrixPlot::paintTopName(QPainter& painter, const QRectF& corner, const Style& style) const
{
    const double width = textWidth(content_.top.label, style.textFont(), style.unitsPerInch);
    painter.setPen(style.ink);
    paintText(painter, {corner.left(), corner.top(), width, corner.height()},
        Qt::AlignLeft | Qt::AlignVCenter, content_.top.label, style.textFont());
}

void MatrixPlot::paintTopMark(QPainter& painter, const PlotFrame& frame, const Style& style) const
{
    paintBars(painter, frame, only(content_.top.values, column_), Qt::Vertical, style.accent);
}

void MatrixPlot::paintRight(QPainter& painter, const PlotFrame& frame, const Style& style) const
{
    paintBars(painter, frame, content_.right.values, Qt::Horizontal, soft(style));
}

void MatrixPlot::paintRightMark(QPainter& painter, const PlotFrame& frame, const Style& style) const
{
    paintBars(painter, frame, only(content_.right.values, row_), Qt::Horizontal, style.accent);
}

MatrixPlot::Sheet MatrixPlot::sheetIn(const QRectF& rect, const Style& style) const
{
    const bool isNarrow = ColorBarRoom::isNarrow(rect.width(), style);
    Sheet sheet{.strip = 0.14 * rect.width(), .space = 2 * style.gap};
    const double beside = content_.right.values.empty() ? 0 : sheet.strip + sheet.space;
    double above = content_.top.values.empty() ? 0 : sheet.strip + sheet.space;
    if (above > 0 && isNarrow) // no corner beside the strip is wide enough for its name
        above += sheet.nameAbove = style.textSize;
    sheet.bar = ColorBarRoom::in(rect.adjusted(0, above, 0, 0), content_.scale, style);
    const QRectF plots = sheet.bar.rest(rect).adjusted(0, above, -beside, 0);
    sheet.map = PlotFrame::within(plots, columns(), rows(), style);
    return sheet;
}

double MatrixPlot::heightFor(double width, const Style& style) const
{
    const QRectF trial(0, 0, width, width);
    const QRectF map = sheetIn(trial, style).map.area;
    return width - map.height() + shape() * map.width();
}

void MatrixPlot::paintFigure(QPainter& painter, const QRectF& rect, const Style& style) const
{
    const Sheet sheet = sheetIn(rect, style);
    const PlotFrame& map = sheet.map;
    painter.save();
    painter.setClipRect(map.area);
    paintMapData(painter, map, style);
    paintMapMarks(painter, map, style);
    painter.restore();
    paintAxes(painter, map, style, true);
    QRectF plots = map.area;
    if (!content_.top.values.empty()) {
        const QRectF area(plots.left(), plots.top() - sheet.space - sheet.strip, plots.width(), sheet.strip);
        const PlotFrame top{area, bare(columns()), unlabelled(axisOf(content_.top))};
        paintTop(painter, top, style);
        paintTopMark(painter, top, style);
        const QRectF corner(area.right() + sheet.space, area.top(), rect.right() - area.right(), sheet.strip);
        const QRectF line(area.left(), rect.top(), area.width(), style.textSize);
        paintTopName(painter, sheet.nameAbove > 0 ? line : corner, style);
        paintAxes(painter, top, style);
    }
    if (!content_.right.values.empty()) {
        plots.setRight(plots.right() + sheet.space + sheet.strip);
        const QRectF area(plots.right() - sheet.strip, plots.top(), sheet.strip, plots.height());
        const PlotFrame right{
            area, axisOf(content_.right), bare(rows()), sheet.bar.isBelow ? rect.right() : 0};
        paintRight(painter, right, style);
        paintRightMark(painter, right, style);
        paintAxes(painter, right, style);
    }
    sheet.bar.paint(painter, sheet.bar.isBelow ? map.area : plots, rect, content_.scale, style);
}

}
