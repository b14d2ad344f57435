// How theory and experiment are drawn: where the panels lie, their axes, bands, curves and marks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/painters.h"
#include "widgets/plots/value_scale.h"
#include "widgets/session/player.h"
#include "widgets/views/panel_grid.h"
#include "widgets/views/theory/phase_view.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

constexpr float bandOpacity = 0.14F;
constexpr double phaseNarrow = 30; ///< in text sizes: a figure has one column of panels below that width

double headingPitch(const Style& style) { return 1.4 * style.textSize; }

/// Of the piece of a curve before its reading, with the gap behind it.
double sampleWidth(const Style& style) { return 1.6 * style.textSize + style.gap; }

/// Between two curves over the same x.
void paintBand(QPainter& painter, const PlotFrame& frame, const std::vector<double>& x,
    const std::vector<double>& low, const std::vector<double>& high, const QColor& color)
{
    QPolygonF band;
    const std::size_t count = std::min({x.size(), low.size(), high.size()});
    for (std::size_t i = 0; i < count; ++i)
        if (const QPointF at = frame.at(x[i], high[i]); std::isfinite(at.y()))
            band.append(at);
    for (std::size_t i = count; i-- > 0;)
        if (const QPointF at = frame.at(x[i], low[i]); std::isfinite(at.y()))
            band.append(at);
    painter.save();
    painter.setClipRect(frame.area, Qt::IntersectClip);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(band);
    painter.restore();
}

}

AxisSpec PhaseView::axisOf(const ValueRange& y, bool isLog)
{
    AxisSpec axis{QString(), 0, 1, isLog};
    if (y.empty())
        return axis;
    const double low = isLog ? y.minPositive : y.min,
                 extent = y.max > low ? y.max - low : std::abs(low) * 0.1 + 1e-12;
    axis.min = isLog ? low / 1.1 : low - 0.05 * extent;
    axis.max = isLog ? y.max * 1.1 : low + 1.05 * extent;
    return axis;
}

std::vector<QRectF> PhaseView::placesIn(const QRectF& body, const Style& style) const
{
    constexpr double aspect = 1.4;
    return spread(body, static_cast<int>(panelCount()), aspect, style);
}

/// Title and reading in one line where they fit side by side in every panel, else in two; then the names of
/// the marks.
double PhaseView::headingHeight(double width, const Style& style) const
{
    double widest = laws_.empty() ? 0
                                  : textWidth(lawTitle_, style.textFont(), style.unitsPerInch)
            + textWidth(tr("off by 0.00e-00"), style.smallFont(), style.unitsPerInch);
    for (const Panel& panel : panels_) {
        double line = textWidth(panel.title, style.textFont(), style.unitsPerInch) + 2 * style.gap;
        for (const Reading& reading : readingsOf(panel, 0, style))
            line += sampleWidth(style) + 2 * style.gap
                + textWidth(reading.text, style.smallFont(), style.unitsPerInch);
        widest = std::max(widest, line);
    }
    return (widest + 2 * style.gap <= width ? 1 : 2) * headingPitch(style) + 1.2 * style.smallTextSize;
}

std::vector<PhaseView::Reading> PhaseView::readingsOf(
    const Panel& panel, double step, const Style& style) const
{
    const auto text
        = [](double value) { return std::isfinite(value) ? readingText(value, 4) : QStringLiteral("–"); };
    const analysis::TheoryQuantity& theory = theoryOf(panel);
    std::vector<Reading> readings; // what there may be no room for comes last
    const auto addFound = [&](std::size_t i) {
        const Series& series = panel.series[i];
        readings.push_back({{colorOf(series.run, style), style.lineWidth},
            QStringLiteral("%1 %2").arg(series.name, text(series.course.at(static_cast<Index>(step))))});
    };
    if (!panel.series.empty())
        addFound(0);
    if (!theory.curves.empty())
        readings.push_back({theoryMark(style), tr("theory %1").arg(text(theory.curves.front().at(step)))});
    if (theory.low && theory.high)
        readings.push_back({theoryMark(style),
            tr("theory %1 to %2").arg(text(theory.low->at(step)), text(theory.high->at(step)))});
    for (std::size_t i = 1; i < panel.series.size(); ++i)
        addFound(i);
    for (std::size_t i = 1; i < theory.curves.size(); ++i)
        readings.push_back({starMark(style), tr("in steps %1").arg(text(theory.curves[i].at(step)))});
    return readings;
}

Mark PhaseView::theoryMark(const Style& style) const
{
    return isDashed() ? Mark{style.ink, style.lineWidth, Qt::DashLine}
                      : Mark{style.faint, 2.5 * style.lineWidth};
}

Mark PhaseView::starMark(const Style& style) { return {style.faint, style.axisWidth, Qt::DotLine}; }

std::vector<PhaseView::Line> PhaseView::foundLines(
    const Panel& panel, double columns, const Style& style) const
{
    std::vector<Line> lines;
    for (const Series& series : panel.series) {
        analysis::Points points = analysis::thinned(
            series.course.steps(), series.course.values(), static_cast<std::size_t>(std::max(1.0, columns)));
        for (double& x : points.x)
            x = xOf(x);
        const bool isOther = session().slot().lab && series.run != session().player().shown();
        lines.push_back({series.name,
            {colorOf(series.run, style), style.lineWidth, isOther ? Qt::DotLine : Qt::SolidLine},
            std::move(points.x), std::move(points.y)});
    }
    return lines;
}

/// The curves, then the lower and the upper edge of the band.
std::vector<PhaseView::Line> PhaseView::theoryLines(
    const Panel& panel, double columns, const Style& style) const
{
    const analysis::TheoryQuantity& theory = theoryOf(panel);
    std::vector<Line> lines;
    const auto add = [&](const analysis::TheoryCurve& curve, const Mark& mark) {
        // every so-manieth point: a curve in closed form has no outliers, and edges must share their x
        const std::size_t stride
            = 1 + curve.steps.size() / static_cast<std::size_t>(2 * std::max(1.0, columns));
        Line line{QString::fromStdString(curve.name), mark, {}, {}};
        for (std::size_t i = 0; i < curve.steps.size(); i += stride) {
            line.x.push_back(xOf(curve.steps[i]));
            line.y.push_back(curve.values[i]);
        }
        lines.push_back(std::move(line));
    };
    Mark mark = theoryMark(style), thin = mark;
    for (const analysis::TheoryCurve& curve : theory.curves) {
        add(curve, mark);
        mark = starMark(style);
    }
    thin.width = isDashed() ? style.axisWidth : 1.5 * style.axisWidth;
    for (const auto& edge : {theory.low, theory.high})
        if (edge)
            add(*edge, thin);
    return lines;
}

PlotFrame PhaseView::frameOf(const std::vector<Line>& lines, const QRectF& place, const Style& style) const
{
    const CurveOptions& options = session().display().curves;
    ValueRange x, y;
    for (const Line& line : lines)
        for (const double value : line.y)
            y.include(value);
    if (const StepList* steps = watch_->steps(); steps && !steps->empty()) {
        x.include(xOf(static_cast<double>(steps->front()->step())));
        x.include(xOf(static_cast<double>(steps->back()->step())));
    }
    if (session().slot().lab)
        x.include(xOf(static_cast<double>(session().player().horizon())));
    AxisSpec across{options.logSteps ? tr("step + 1") : QString(), x.empty() ? 0 : x.min,
        x.empty() ? 1 : std::max(x.max, x.min + 1), options.logSteps, !options.logSteps};
    const bool isLog = options.logValues && y.minPositive < INFINITY;
    return PlotFrame::within(
        place.adjusted(0, headingHeight(place.width(), style), 0, 0), across, axisOf(y, isLog), style);
}

/// As many readings as have room, each behind a piece of its curve.
void PhaseView::drawHeading(QPainter& painter, const QString& title, const std::vector<Reading>& readings,
    const QRectF& place, const Style& style) const
{
    const double pitch = headingPitch(style);
    QRectF room(place.left(), place.top(), place.width(), pitch);
    painter.setPen(style.ink);
    paintText(painter, room, Qt::AlignLeft | Qt::AlignVCenter, title, style.textFont());
    if (headingHeight(place.width(), style) > 2.5 * pitch)
        room.translate(0, pitch);
    else
        room.setLeft(room.left() + textWidth(title, style.textFont(), style.unitsPerInch) + 2 * style.gap);
    for (const Reading& reading : readings) {
        const double sample = reading.mark.width > 0 ? sampleWidth(style) : 0,
                     width = textWidth(reading.text, style.smallFont(), style.unitsPerInch);
        if (room.left() + sample + width > place.right())
            break;
        if (sample > 0) {
            const double y = room.center().y();
            painter.setPen(QPen(reading.mark.color, reading.mark.width, reading.mark.dash, Qt::FlatCap));
            painter.drawLine(QPointF(room.left(), y), QPointF(room.left() + sample - style.gap, y));
        }
        painter.setPen(style.ink);
        room.setLeft(room.left() + sample);
        paintText(painter, room, Qt::AlignLeft | Qt::AlignVCenter, reading.text, style.smallFont());
        room.setLeft(room.left() + width + 2 * style.gap);
    }
}

void PhaseView::drawPanel(
    QPainter& painter, const Panel& panel, const QRectF& place, const Style& style) const
{
    const std::vector<Line> theory = theoryLines(panel, place.width(), style),
                            found = foundLines(panel, place.width(), style);
    std::vector<Line> all = theory;
    all.insert(all.end(), found.begin(), found.end());
    const PlotFrame frame = frameOf(all, place, style);
    drawHeading(painter, panel.title, readingsOf(panel, std::isfinite(hover_) ? hover_ : shownStep(), style),
        place, style);
    for (const Tick& tick : fittingTicks(frame.y, frame.area.height(), false, style))
        paintLevel(painter, frame, tick.value, {style.grid, style.axisWidth});
    if (const analysis::TheoryQuantity& quantity = theoryOf(panel); quantity.low && quantity.high) {
        QColor band = style.ink;
        band.setAlphaF(bandOpacity);
        paintBand(painter, frame, theory.back().x, theory[theory.size() - 2].y, theory.back().y, band);
    }
    drawMarks(painter, frame, style);
    const auto paint = [&](const std::vector<Line>& lines) {
        for (const Line& line : lines)
            paintCurve(painter, frame, line.x, line.y, line.mark);
    };
    if (!isDashed())
        paint(theory); // broad, below: what lies on it is seen to lie on it
    paint(found);
    if (isDashed())
        paint(theory);
    if (std::isfinite(hover_))
        paintUpright(painter, frame, xOf(hover_), {style.faint, style.axisWidth, Qt::DotLine});
    if (const double x = xOf(shownStep()); std::isfinite(x))
        paintUpright(painter, frame, x, {style.accent, 1.5 * style.axisWidth});
    paintAxes(painter, frame, style);
}

void PhaseView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const auto places = placesIn(body, style);
    for (std::size_t i = 0; i < panels_.size(); ++i)
        drawPanel(painter, panels_[i], places[i], style);
    if (!laws_.empty())
        drawLaws(painter, places.back(), style);
}

double PhaseView::heightFor(double width, const Style& style) const
{
    const auto count = static_cast<double>(std::max<std::size_t>(1, panelCount()));
    const double columns = count == 1 || width < phaseNarrow * style.textSize ? 1 : 2;
    const double gap = 2.5 * style.gap, panel = (width - gap * (columns - 1)) / columns;
    return std::ceil(count / columns) * (headingHeight(panel, style) + 0.55 * panel + gap) - gap
        + frameHeight(width, style);
}

}
