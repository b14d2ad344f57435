// Where the panels of the low-pass sweep lie, and how they are drawn.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/curve_colors.h"
#include "widgets/plots/text.h"
#include "widgets/views/low_pass_sweep_view.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

using analysis::Cut;
using analysis::Estimate;
using analysis::SweepPoint;

const Estimate& of(const SweepPoint& point, bool isAccuracy)
{
    return isAccuracy ? point.accuracy : point.logit;
}

Mark markOf(Cut cut, const Style& style)
{
    if (cut == Cut::LowPass)
        return {style.ink, 1.6 * style.lineWidth};
    const bool isNumber = cut == Cut::EqualNumber;
    return {
        curveColor(isNumber ? 1 : 2, style.ground), style.lineWidth, isNumber ? Qt::DashLine : Qt::DotLine};
}

double keyHeight(const Style& style) { return 1.5 * style.textSize; }

/// How many places stand beside one another, so that they come nearest to their best shape.
int columnsFor(int places, const QSizeF& room)
{
    constexpr double wide = 1.5, high = 1.9; // inches that a place wants
    int best = 1;
    double most = 0;
    for (int columns = 1; columns <= places; ++columns) {
        const int lines = (places + columns - 1) / columns;
        const double size = std::min(room.width() / columns / wide, room.height() / lines / high);
        if (size > most) {
            most = size;
            best = columns;
        }
    }
    return best;
}

}

double LowPassSweepView::heightFor(double width, const Style& style) const
{
    if (!sweep_)
        return width;
    const double inch = style.unitsPerInch;
    const int columns = std::clamp(static_cast<int>(width / (1.5 * inch)), 1, rows());
    const int lines = (rows() + columns - 1) / columns;
    return lines * 1.9 * inch + keyHeight(style) + frameHeight(width, style);
}

QRectF LowPassSweepView::placeOf(int row, const QRectF& body, const Style& style) const
{
    const QRectF room = body.adjusted(0, keyHeight(style), 0, 0); // below the key
    const int columns = columnsFor(rows(), room.size() / style.unitsPerInch),
              lines = (rows() + columns - 1) / columns;
    const QSizeF size(room.width() / columns, room.height() / lines);
    const QPointF at(room.left() + row % columns * size.width(), room.top() + row / columns * size.height());
    return QRectF(at, size).adjusted(0, 0, -style.gap, -style.gap / 2);
}

/// One for all places, so that they can be compared.
AxisSpec LowPassSweepView::valueAxis(bool isAccuracy) const
{
    if (isAccuracy)
        return {tr("accuracy"), 0, 100};
    AxisSpec axis{tr("Δ logit"), 0, 0};
    for (const SweepPoint& point : sweep_->points)
        for (const double value : {point.logit.mean, point.logit.low, point.logit.high})
            if (std::isfinite(value)) {
                axis.min = std::min(axis.min, value);
                axis.max = std::max(axis.max, value);
            }
    const double pad = 0.05 * std::max(axis.max - axis.min, 1e-3);
    axis.min -= pad;
    axis.max += pad;
    return axis;
}

/// Both panels of a place have one left edge, which the wider numbers set; the lower one has the numbers of
/// x.
PlotFrame LowPassSweepView::frameOf(int row, bool isAccuracy, const QRectF& body, const Style& style) const
{
    const QRectF place = placeOf(row, body, style).adjusted(0, keyHeight(style), 0, 0);
    const AxisSpec x{tr("radius (cycles per token)"), 0, sweep_->radii.back()};
    const QRectF one = PlotFrame::within(place, x, valueAxis(true), style).area,
                 other = PlotFrame::within(place, x, valueAxis(false), style).area;
    PlotFrame frame{one & other, x, valueAxis(isAccuracy), place.right()};
    const double half = (frame.area.height() - 1.5 * style.textSize) / 2;
    if (!isAccuracy) {
        frame.area.setTop(frame.area.bottom() - half);
        return frame;
    }
    frame.area.setHeight(half);
    frame.x.bare = true;
    frame.x.label.clear();
    return frame;
}

/// The mean over pictures, and its interval as a band.
void LowPassSweepView::drawCurve(
    QPainter& painter, int row, Cut cut, bool isAccuracy, const PlotFrame& frame, const Style& style) const
{
    const Mark mark = markOf(cut, style);
    const double unit = isAccuracy ? 100 : 1;
    std::vector<double> means;
    QPolygonF upper, band;
    for (std::size_t i = 0; i < sweep_->radii.size(); ++i) {
        const Estimate& one = of(sweep_->at(static_cast<std::size_t>(row), cut, i), isAccuracy);
        means.push_back(unit * one.mean);
        if (std::isfinite(one.low)) {
            band.append(frame.at(sweep_->radii[i], unit * one.low));
            upper.prepend(frame.at(sweep_->radii[i], unit * one.high));
        }
    }
    QColor pale = mark.color;
    pale.setAlphaF(0.15F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(pale);
    painter.drawPolygon(band + upper);
    painter.setBrush(Qt::NoBrush);
    paintCurve(painter, frame, sweep_->radii, means, mark);
}

void LowPassSweepView::drawPanel(
    QPainter& painter, int row, bool isAccuracy, const QRectF& body, const Style& style) const
{
    const PlotFrame frame = frameOf(row, isAccuracy, body, style);
    paintLevel(painter, frame, isAccuracy ? 100 * sweep_->whole.mean : 0, {style.faint, style.axisWidth});
    for (const Cut cut : {Cut::EqualEnergy, Cut::EqualNumber, Cut::LowPass}) // the cut itself on top
        drawCurve(painter, row, cut, isAccuracy, frame, style);
    paintAxes(painter, frame, style);
}

/// What the three lines are, above all places.
void LowPassSweepView::drawKey(QPainter& painter, const QRectF& body, const Style& style) const
{
    const double dash = 1.6 * style.textSize, y = body.top() + keyHeight(style) / 2;
    double x = body.left();
    for (const Cut cut : analysis::allCuts) {
        const Mark mark = markOf(cut, style);
        painter.setPen(QPen(mark.color, mark.width, mark.dash, Qt::FlatCap));
        painter.drawLine(QPointF(x, y), QPointF(x + dash, y));
        x += dash + style.gap / 2;
        const double width = textWidth(nameOf(cut), style.smallFont(), style.unitsPerInch);
        painter.setPen(style.ink);
        paintText(painter, {x, body.top(), std::min(width + 1, body.right() - x), keyHeight(style)},
            Qt::AlignLeft | Qt::AlignVCenter, nameOf(cut), style.smallFont());
        x += width + 1.5 * style.gap;
    }
}

void LowPassSweepView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    drawKey(painter, body, style);
    for (int row = 0; row < rows(); ++row) {
        const QRectF place = placeOf(row, body, style);
        painter.setPen(style.ink);
        paintText(painter,
            {frameOf(row, true, body, style).area.left(), place.top(), place.width(), keyHeight(style)},
            Qt::AlignLeft | Qt::AlignVCenter, rowName(row), style.textFont());
        for (const bool isAccuracy : {true, false})
            drawPanel(painter, row, isAccuracy, body, style);
    }
}

}
