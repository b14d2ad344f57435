// A plot's rectangle with its two axes, and what is drawn in data coordinates within. No widget.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/style.h"
#include "widgets/plots/ticks.h"

#include <QPainter>
#include <QRectF>

#include <span>

namespace fovea {

/// Where data coordinates lie on the paper.
struct PlotFrame {
    QRectF area; ///< of the data, inside the axes
    AxisSpec x, y;
    double end = 0; ///< where the paper ends at the right: no name goes beyond; 0: anywhere

    /// The frame that leaves just the room in `rect` that ticks and labels of both axes need.
    static PlotFrame within(const QRectF& rect, AxisSpec x, AxisSpec y, const Style& style);

    double xOf(double value) const { return area.left() + x.position(value) * area.width(); }
    double yOf(double value) const;
    QPointF at(double xValue, double yValue) const { return {xOf(xValue), yOf(yValue)}; }
};

/// As many ticks as can be read along a length: one per three heights of text, and no two texts nearer to one
/// another along the axis than that height.
std::vector<Tick> fittingTicks(const AxisSpec& axis, double length, bool horizontal, const Style& style);

/// How a curve or a set of points looks.
struct Mark {
    QColor color;
    double width = 1; ///< of the line, or diameter of the point
    Qt::PenStyle dash = Qt::SolidLine;
    QColor outline = {}; ///< of a point, invalid: none
};

/// Ticks, numbers and labels below and to the left of the area; `boxed` adds a line all round (maps).
void paintAxes(QPainter& painter, const PlotFrame& frame, const Style& style, bool boxed = false);
/// The curve through (x[i], y[i]), clipped to the area; broken where a value is not finite.
void paintCurve(QPainter& painter, const PlotFrame& frame, std::span<const double> x,
    std::span<const double> y, const Mark& mark);
/// A disc at a place of the plot.
void paintPoint(QPainter& painter, const PlotFrame& frame, double x, double y, const Mark& mark);
/// A bar for each cell from 0 to its value, upright or lying.
void paintBars(QPainter& painter, const PlotFrame& frame, std::span<const double> values,
    Qt::Orientation orientation, const QColor& color);
/// Lines right across the area.
void paintLevel(QPainter& painter, const PlotFrame& frame, double y, const Mark& mark);
void paintUpright(QPainter& painter, const PlotFrame& frame, double x, const Mark& mark);

}
