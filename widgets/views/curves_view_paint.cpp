// How the curves are drawn: where the panels lie, their axes, what stands in them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/painters.h"
#include "widgets/plots/value_scale.h"
#include "widgets/session/player.h"
#include "widgets/views/curves_view.h"
#include "widgets/views/panel_grid.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

constexpr float rawOpacity = 0.3F;
constexpr double narrow = 24; ///< in text sizes: a figure has one column of panels below that width
constexpr double oneLine = 1.8, twoLines = 3.1; // heights of a heading, in text sizes

}

std::vector<QRectF> CurvesView::placesIn(const QRectF& body, const Style& style) const
{
    constexpr double aspect = 1.7;
    return spread(body, static_cast<int>(panels_.size()), aspect, style);
}

PlotFrame CurvesView::frameOf(
    const Panel& panel, const std::vector<Line>& lines, const QRectF& place, const Style& style) const
{
    const CurveOptions& options = session().display().curves;
    ValueRange x, y;
    for (const Line& line : lines) {
        for (const double value : line.y)
            y.include(value);
        if (!line.x.empty()) {
            x.include(line.x.front());
            x.include(line.x.back());
        }
    }
    if (session().slot().lab)
        x.include(xOf(static_cast<double>(session().player().horizon())));
    if (panel.isDifference)
        y.include(0);
    const bool isLow = place.height() < 12 * style.textSize; // the caption says "over steps" all the same
    AxisSpec across{options.logSteps ? tr("step + 1")
            : isLow                  ? QString()
                                     : tr("step"),
        x.empty() ? 0 : x.min, x.empty() || !(x.max > x.min) ? (x.empty() ? 1 : x.min + 1) : x.max,
        options.logSteps, !options.logSteps};
    const bool isLog = options.logValues && !panel.isDifference && y.minPositive < INFINITY;
    AxisSpec up{QString(), 0, 1, isLog};
    if (!y.empty()) {
        const double low = isLog ? y.minPositive : y.min,
                     extent = y.max > low ? y.max - low : std::abs(low) * 0.1 + 1e-12;
        up.min = isLog ? low / 1.1 : low - 0.05 * extent;
        up.max = isLog ? y.max * 1.1 : low + 1.05 * extent;
    }
    return PlotFrame::within(place.adjusted(0, headingHeight(place.width(), style), 0, 0), across, up, style);
}

/// One line where the widest quantity and all readings fit, else two; the same for all panels.
double CurvesView::headingHeight(double width, const Style& style) const
{
    double title = 0;
    std::size_t curves = 0;
    for (const Panel& panel : panels_) {
        title = std::max(title, textWidth(panel.quantity, style.textFont(), style.unitsPerInch));
        curves = std::max(curves, panel.isDifference ? 1 : panel.series.size());
    }
    const double reading = textWidth(QStringLiteral("A 0.006000"), style.smallFont(), style.unitsPerInch)
        + style.textSize + 3 * style.gap;
    const bool fits = title + 2 * style.gap + static_cast<double>(curves) * reading <= width;
    return (fits ? oneLine : twoLines) * style.textSize;
}

/// The quantity, and what each curve has at the step under the mouse, or at the one that is shown.
void CurvesView::drawReading(QPainter& painter, const Panel& panel, const std::vector<Line>& lines,
    const QRectF& place, const Style& style) const
{
    const double pitch = 1.4 * style.textSize;
    QRectF room(place.left(), place.top(), place.width(), pitch);
    painter.setPen(style.ink);
    paintText(painter, room, Qt::AlignLeft | Qt::AlignVCenter, panel.quantity, style.textFont());
    if (headingHeight(place.width(), style) > oneLine * style.textSize)
        room.translate(0, pitch);
    else
        room.setLeft(
            room.left() + textWidth(panel.quantity, style.textFont(), style.unitsPerInch) + 2 * style.gap);
    const double at = xOf(std::isfinite(hover_) ? hover_ : shownX());
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) { // the shown run first
        const auto found = std::ranges::lower_bound(line->x, at);
        const bool isThere = found != line->x.end() && *found == at;
        const double value = isThere ? line->y[static_cast<std::size_t>(found - line->x.begin())] : NAN;
        const QString text = (line->name.isEmpty() ? QString() : line->name + QLatin1Char(' '))
            + (std::isfinite(value) ? readingText(value, 4) : QStringLiteral("–"));
        const double width = textWidth(text, style.smallFont(), style.unitsPerInch);
        if (room.left() + style.textSize + width > place.right())
            break;
        const double y = room.center().y();
        painter.setPen(QPen(line->mark.color, 2 * line->mark.width, line->mark.dash, Qt::FlatCap));
        painter.drawLine(QPointF(room.left(), y), QPointF(room.left() + style.textSize, y));
        painter.setPen(style.ink);
        room.setLeft(room.left() + style.textSize + style.gap);
        paintText(painter, room, Qt::AlignLeft | Qt::AlignVCenter, text, style.smallFont());
        room.setLeft(room.left() + width + 2 * style.gap);
    }
}

void CurvesView::drawPanel(
    QPainter& painter, const Panel& panel, const QRectF& place, const Style& style) const
{
    const std::vector<Line> lines = linesOf(panel, style);
    const PlotFrame frame = frameOf(panel, lines, place, style);
    drawReading(painter, panel, lines, place, style);
    for (const Tick& tick : fittingTicks(frame.y, frame.area.height(), false, style))
        paintLevel(painter, frame, tick.value, {style.grid, style.axisWidth});
    if (panel.isDifference)
        paintLevel(painter, frame, 0, {style.faint, style.axisWidth, Qt::DashLine});
    const auto columns = static_cast<std::size_t>(std::max(1.0, frame.area.width()));
    const auto paint = [&](const Line& line, const std::vector<double>& y, const Mark& mark) {
        const analysis::Points points = analysis::thinned(line.x, y, columns);
        paintCurve(painter, frame, points.x, points.y, mark);
        if (points.x.size() == 1)
            paintPoint(painter, frame, points.x.front(), points.y.front(), {mark.color, 3 * mark.width});
    };
    for (const Line& line : lines)
        if (!line.raw.empty()) {
            Mark faint = line.mark;
            faint.color.setAlphaF(rawOpacity);
            paint(line, line.raw, faint);
        }
    for (const Line& line : lines)
        paint(line, line.y, line.mark);
    if (std::isfinite(hover_))
        paintUpright(painter, frame, xOf(hover_), {style.faint, style.axisWidth, Qt::DotLine});
    if (const double x = xOf(shownX()); std::isfinite(x))
        paintUpright(painter, frame, x, {style.accent, 1.5 * style.axisWidth});
    paintAxes(painter, frame, style);
}

void CurvesView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const auto places = placesIn(body, style);
    for (std::size_t i = 0; i < panels_.size(); ++i)
        drawPanel(painter, panels_[i], places[i], style);
}

double CurvesView::heightFor(double width, const Style& style) const
{
    const auto count = static_cast<double>(std::max<std::size_t>(1, panels_.size()));
    const double columns = count == 1 || width < narrow * style.textSize ? 1 : 2;
    const double gap = 3 * style.gap, panel = (width - gap * (columns - 1)) / columns;
    const double plot = columns == 1 && count > 1 ? 0.36 * panel : 0.5 * panel;
    const double axis = style.tickLength + style.smallTextSize + style.textSize + 2 * style.gap;
    return std::ceil(count / columns) * (headingHeight(panel, style) + plot + axis + gap) - gap
        + frameHeight(width, style);
}

}
