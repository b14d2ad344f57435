// Where the curves of cost against accuracy lie, and how they are drawn.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/curve_colors.h"
#include "widgets/plots/text.h"
#include "widgets/views/cost_accuracy_view.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

using analysis::CostPoint;
using analysis::Estimate;

enum class Shape { Ring, Disc, Square, Up, Down, Diamond, Cross };

/// How a curve looks: hue and shape both tell it apart.
struct Look {
    Shape shape;
    Mark mark;
};

Look lookOf(const std::string& series, const Style& style)
{
    if (series == "all")
        return {Shape::Ring, {style.ink, style.lineWidth, Qt::NoPen}};
    if (series == "threshold")
        return {Shape::Disc, {style.ink, 1.6 * style.lineWidth}};
    const std::pair<const char*, Shape> rivals[] = {{"top", Shape::Square}, {"random", Shape::Up},
        {"contrast", Shape::Diamond}, {"evit", Shape::Down}, {"tome", Shape::Cross}};
    std::size_t color = 0;
    for (const auto& [name, shape] : rivals) {
        if (series == name)
            return {shape, {curveColor(color, style.ground), style.lineWidth}};
        ++color;
    }
    return {Shape::Square, {style.faint, style.lineWidth}};
}

void paintShape(QPainter& painter, QPointF at, const Look& look, const Style& style)
{
    const double r = 0.36 * style.smallTextSize;
    const auto corners = [&](std::initializer_list<QPointF> all) {
        QPolygonF polygon;
        for (const QPointF& corner : all)
            polygon << at + r * corner;
        painter.drawPolygon(polygon);
    };
    const bool isOpen = look.shape == Shape::Ring || look.shape == Shape::Cross;
    painter.setPen(isOpen ? QPen(look.mark.color, 1.2 * style.lineWidth) : QPen(Qt::NoPen));
    painter.setBrush(look.shape == Shape::Ring ? QBrush(style.ground) : QBrush(look.mark.color));
    switch (look.shape) {
    case Shape::Ring:
    case Shape::Disc:
        painter.drawEllipse(at, r, r);
        break;
    case Shape::Square:
        corners({{-.85, -.85}, {.85, -.85}, {.85, .85}, {-.85, .85}});
        break;
    case Shape::Up:
        corners({{0, -1.1}, {1, .8}, {-1, .8}});
        break;
    case Shape::Down:
        corners({{0, 1.1}, {1, -.8}, {-1, -.8}});
        break;
    case Shape::Diamond:
        corners({{0, -1.2}, {1.2, 0}, {0, 1.2}, {-1.2, 0}});
        break;
    case Shape::Cross:
        painter.drawLine(at + r * QPointF(-.8, -.8), at + r * QPointF(.8, .8));
        painter.drawLine(at + r * QPointF(-.8, .8), at + r * QPointF(.8, -.8));
        break;
    }
    painter.setBrush(Qt::NoBrush);
}

double keyLine(const Style& style) { return 1.5 * style.textSize; }

/// With a twentieth of room at both ends; what is no number is left out.
AxisSpec fitting(const QString& label, const std::vector<double>& values)
{
    AxisSpec axis{label, std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (const double value : values)
        if (std::isfinite(value)) {
            axis.min = std::min(axis.min, value);
            axis.max = std::max(axis.max, value);
        }
    const double pad = 0.05 * std::max(axis.max - axis.min, 1e-3 * std::max(std::abs(axis.max), 1.0));
    return {label, axis.min - pad, axis.max + pad};
}

}

double CostAccuracyView::costUnit() const
{
    if (isTime())
        return 1;
    return whole().macs < 1e9 ? 1e6 : 1e9;
}

double CostAccuracyView::costOf(const CostPoint& point) const
{
    return (isTime() ? point.milliseconds : point.macs) / costUnit();
}

/// In percent, or of the logit.
Estimate CostAccuracyView::worthOf(const CostPoint& point) const
{
    const Estimate& of = point.accuracy;
    return isAccuracy() ? Estimate{of.count, 100 * of.mean, 100 * of.low, 100 * of.high} : point.logit;
}

QPointF CostAccuracyView::placeOf(const CostPoint& point, const PlotFrame& frame) const
{
    return frame.at(costOf(point), worthOf(point).mean);
}

AxisSpec CostAccuracyView::costAxis() const
{
    std::vector<double> costs;
    for (const Curve& curve : compared_->curves)
        for (const CostPoint& point : curve.points)
            costs.push_back(costOf(point));
    return fitting(isTime()    ? tr("time of a picture (ms)")
            : costUnit() < 1e9 ? tr("multiply-accumulates of a picture (million)")
                               : tr("multiply-accumulates of a picture (billion)"),
        costs);
}

AxisSpec CostAccuracyView::worthAxis() const
{
    std::vector<double> values;
    for (const Curve& curve : compared_->curves)
        for (const CostPoint& point : curve.points) {
            const Estimate worth = worthOf(point);
            values.insert(values.end(), {worth.mean, worth.low, worth.high});
        }
    AxisSpec axis = fitting(isAccuracy() ? tr("accuracy (%)") : tr("Δ logit of the label"), values);
    if (isAccuracy())
        axis.max = std::min(axis.max, 101.0); // for the ring of a model that is always right
    return axis;
}

/// What the curves are, in as many lines as they take.
std::vector<CostAccuracyView::KeyPlace> CostAccuracyView::key(const QRectF& body, const Style& style) const
{
    const double mark = 1.8 * style.textSize;
    std::vector<KeyPlace> places;
    QPointF at = body.topLeft();
    for (int row = 0; row < rows(); ++row) {
        const double name = textWidth(rowName(row), style.smallFont(), style.unitsPerInch) + 1;
        if (at.x() > body.left() && at.x() + mark + style.gap / 2 + name > body.right())
            at = {body.left(), at.y() + keyLine(style)};
        const QRectF line(at, QSizeF(mark, keyLine(style)));
        places.push_back({line, {line.right() + style.gap / 2, at.y(), name, keyLine(style)}});
        at.rx() = places.back().name.right() + 1.5 * style.gap;
    }
    return places;
}

double CostAccuracyView::keyHeight(const QRectF& body, const Style& style) const
{
    return key(body, style).back().name.bottom() - body.top() + style.gap / 2;
}

double CostAccuracyView::heightFor(double width, const Style& style) const
{
    if (!compared_)
        return width;
    return 0.7 * width + keyHeight({0, 0, width - 2 * style.gap, 0}, style) + frameHeight(width, style);
}

PlotFrame CostAccuracyView::frame(const QRectF& body, const Style& style) const
{
    PlotFrame plot
        = PlotFrame::within(body.adjusted(0, keyHeight(body, style), 0, 0), costAxis(), worthAxis(), style);
    plot.end = body.right();
    return plot;
}

/// The points in the order of their thresholds, each with its interval as a bar.
void CostAccuracyView::drawCurve(QPainter& painter, int row, const PlotFrame& frame, const Style& style) const
{
    const Curve& curve = curveAt(row);
    const Look look = lookOf(curve.series, style);
    std::vector<double> costs, means;
    QColor pale = look.mark.color;
    pale.setAlphaF(0.45F);
    painter.setPen(QPen(pale, style.lineWidth, Qt::SolidLine, Qt::FlatCap));
    for (const CostPoint& point : curve.points) {
        const Estimate worth = worthOf(point);
        costs.push_back(costOf(point));
        means.push_back(worth.mean);
        if (std::isfinite(worth.low) && std::isfinite(worth.high))
            painter.drawLine(frame.at(costs.back(), worth.low), frame.at(costs.back(), worth.high));
    }
    if (look.mark.dash != Qt::NoPen)
        paintCurve(painter, frame, costs, means, look.mark);
    for (const CostPoint& point : curve.points)
        if (std::isfinite(worthOf(point).mean))
            paintShape(painter, placeOf(point, frame), look, style);
}

void CostAccuracyView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const PlotFrame plot = frame(body, style);
    paintLevel(painter, plot, worthOf(whole()).mean, {style.faint, style.axisWidth, Qt::DashLine});
    paintAxes(painter, plot, style);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing); // slanting lines and small shapes
    for (int row = rows() - 1; row >= 0; --row) // the model itself on top
        drawCurve(painter, row, plot, style);
    const std::vector<KeyPlace> places = key(body, style);
    for (int row = 0; row < rows(); ++row) {
        const KeyPlace& place = places[static_cast<std::size_t>(row)];
        const Look look = lookOf(curveAt(row).series, style);
        const QPointF middle = place.mark.center();
        painter.setPen(look.mark.dash == Qt::NoPen ? QPen(style.faint, style.axisWidth, Qt::DashLine)
                                                   : QPen(look.mark.color, look.mark.width));
        painter.drawLine(QPointF(place.mark.left(), middle.y()), QPointF(place.mark.right(), middle.y()));
        paintShape(painter, middle, look, style);
        painter.setPen(style.ink);
        paintText(painter, place.name, Qt::AlignLeft | Qt::AlignVCenter, rowName(row), style.smallFont());
    }
    painter.restore();
}

}
