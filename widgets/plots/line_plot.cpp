// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/line_plot.h"

#include "widgets/plots/curve_colors.h"
#include "widgets/plots/painters.h"
#include "widgets/plots/value_scale.h"

#include <array>
#include <cmath>

namespace fovea {

namespace {

constexpr std::array dashes{Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};

Mark markOf(const std::vector<Curve>& curves, std::size_t index, const Style& style)
{
    if (curves[index].isReference)
        return {style.faint, style.axisWidth, Qt::DashLine};
    return {curveColor(index, style.ground), style.lineWidth, dashes[index / curveColors() % dashes.size()]};
}

void takeExtent(AxisSpec& axis, const ValueRange& range, double margin)
{
    if (axis.max > axis.min || range.empty())
        return;
    const double extent = range.max > range.min ? range.max - range.min : std::max(1.0, std::abs(range.max));
    axis.min = axis.logarithmic ? range.minPositive : range.min - margin * extent;
    axis.max = range.max + margin * extent;
}

/// How many points of the curves a rectangle would hide.
int pointsWithin(const QRectF& rect, const PlotFrame& frame, const std::vector<Curve>& curves)
{
    int count = 0;
    for (const Curve& curve : curves)
        for (std::size_t i = 0; i < std::min(curve.x.size(), curve.y.size()); ++i)
            count += rect.contains(frame.at(curve.x[i], curve.y[i]));
    return count;
}

/// The corner of the area that hides least.
QRectF legendBox(QSizeF size, const PlotFrame& frame, const std::vector<Curve>& curves)
{
    const QRectF area = frame.area;
    const double right = area.right() - size.width(), bottom = area.bottom() - size.height();
    QRectF best(QPointF(right, area.top()), size);
    for (const QPointF corner : {area.topLeft(), QPointF(right, bottom), QPointF(area.left(), bottom)})
        if (const QRectF box(corner, size);
            pointsWithin(box, frame, curves) < pointsWithin(best, frame, curves))
            best = box;
    return best;
}

/// One line per named curve.
void paintLegend(
    QPainter& painter, const PlotFrame& frame, const std::vector<Curve>& curves, const Style& style)
{
    const double line = 1.4 * style.smallTextSize, sample = 2 * style.textSize;
    double width = 0, height = 0;
    for (const Curve& curve : curves) {
        width = std::max(width, textWidth(curve.name, style.smallFont(), style.unitsPerInch));
        height += curve.name.isEmpty() ? 0 : line;
    }
    const QRectF box = legendBox({width + sample + 3 * style.gap, height + style.gap}, frame, curves);
    double y = box.top() + (line + style.gap) / 2;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        if (curves[i].name.isEmpty())
            continue;
        const Mark mark = markOf(curves, i, style);
        const double left = box.left() + style.gap, text = left + sample + style.gap;
        painter.setPen(QPen(mark.color, mark.width, mark.dash, Qt::FlatCap));
        painter.drawLine(QPointF(left, y), QPointF(left + sample, y));
        painter.setPen(style.ink);
        paintText(painter, QRectF(text, y - line / 2, width, line), Qt::AlignLeft, curves[i].name,
            style.smallFont());
        y += line;
    }
}

}

LinePlot::LinePlot(QWidget* parent)
    : Canvas(parent)
    , marked_(NAN)
{
    Panel panel;
    panel.drag = Drag::Moves;
    panel.data
        = [this](QPainter& p, const PlotFrame& frame, const Style& style) { paintCurves(p, frame, style); };
    panel.marks
        = [this](QPainter& p, const PlotFrame& frame, const Style& style) { paintMark(p, frame, style); };
    addPanel(std::move(panel));
}

void LinePlot::setContent(LineContent content)
{
    ValueRange x, y;
    for (const Curve& curve : content.curves) {
        for (const double value : curve.x)
            x.include(value);
        for (const double value : curve.y)
            y.include(value);
    }
    takeExtent(content.x, x, 0);
    takeExtent(content.y, y, 0.05);
    content_ = std::move(content);
    setAxes(0, content_.x, content_.y);
    setAccessibleName(tr("Curves of %1 over %2").arg(content_.y.label, content_.x.label));
}

void LinePlot::mark(double x)
{
    marked_ = x;
    redrawMarks();
}

void LinePlot::hoverAt(int panel, QPointF at) { emit hovered(panel < 0 ? NAN : at.x()); }

void LinePlot::clickAt(int, QPointF at) { emit clicked(at.x()); }

void LinePlot::paintCurves(QPainter& painter, const PlotFrame& frame, const Style& style) const
{
    for (std::size_t i = 0; i < content_.curves.size(); ++i)
        paintCurve(
            painter, frame, content_.curves[i].x, content_.curves[i].y, markOf(content_.curves, i, style));
    paintLegend(painter, frame, content_.curves, style);
}

void LinePlot::paintMark(QPainter& painter, const PlotFrame& frame, const Style& style) const
{
    if (std::isfinite(marked_))
        paintUpright(painter, frame, marked_, {style.ink, style.axisWidth});
}

void LinePlot::paintFigure(QPainter& painter, const QRectF& rect, const Style& style) const
{
    const PlotFrame frame = PlotFrame::within(rect, content_.x, content_.y, style);
    paintCurves(painter, frame, style);
    paintMark(painter, frame, style);
    paintAxes(painter, frame, style);
}

}
