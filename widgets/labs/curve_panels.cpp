// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/labs/curve_panels.h"

#include "widgets/plots/curve_colors.h"
#include "widgets/plots/text.h"
#include "widgets/plots/value_scale.h"

#include <QPolygonF>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

constexpr double bestAspect = 1.45; ///< width of a panel over its height

double lineHeight(const Style& style) { return 1.5 * style.textSize; }
double titleHeight(const CurvePanel& panel, const Style& style)
{
    return panel.title.isEmpty() ? 0.5 * style.textSize : lineHeight(style);
}

/// The corners of stairs: each value holds until the next place.
void toStairs(std::vector<double>& x, std::vector<double>& y)
{
    std::vector<double> across, up;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (i > 0 && y[i] != y[i - 1]) {
            across.push_back(x[i]);
            up.push_back(y[i - 1]);
        }
        if (i == 0 || i + 1 == x.size() || y[i] != y[i - 1]) {
            across.push_back(x[i]);
            up.push_back(y[i]);
        }
    }
    x = std::move(across);
    y = std::move(up);
}

void include(ValueRange& range, const std::vector<double>& values)
{
    for (const double value : values)
        range.include(value);
}

/// As far as what is drawn, or as the spec says.
AxisSpec across(const CurvePanel& panel)
{
    AxisSpec axis = panel.x;
    if (axis.max > axis.min)
        return axis;
    ValueRange range;
    bool hasDots = false;
    for (const PanelCurve& curve : panel.curves) {
        include(range, curve.x);
        hasDots = hasDots || curve.hasDots;
    }
    axis.min = range.empty() ? 0 : range.min;
    axis.max = range.empty() || !(range.max > range.min) ? axis.min + 1 : range.max;
    const double pad = hasDots ? 0.04 * (axis.max - axis.min) : 0;
    axis.min -= pad;
    axis.max += pad;
    return axis;
}

void drawBars(QPainter& painter, const PlotFrame& frame, const PanelCurve& curve, const QColor& color,
    const Style& style)
{
    const double cap = 0.2 * style.smallTextSize;
    painter.setPen(QPen(color, style.axisWidth + 0.1 * style.lineWidth, Qt::SolidLine, Qt::FlatCap));
    for (std::size_t i = 0; i < curve.low.size(); ++i) {
        if (!std::isfinite(curve.low[i]) || !std::isfinite(curve.high[i]))
            continue;
        const QPointF low = frame.at(curve.x[i], curve.low[i]), high = frame.at(curve.x[i], curve.high[i]);
        painter.drawLine(low, high);
        for (const QPointF& end : {low, high})
            painter.drawLine(end - QPointF(cap, 0), end + QPointF(cap, 0));
    }
}

void drawCurve(QPainter& painter, const PlotFrame& frame, const PanelCurve& curve, const Style& style)
{
    const QColor color = curveColor(curve.color, style.ground);
    drawBars(painter, frame, curve, color, style);
    std::vector<double> x = curve.x, y = curve.y;
    if (curve.isStairs)
        toStairs(x, y);
    paintCurve(painter, frame, x, y, {color, (curve.isStairs ? 0.7 : 1.1) * style.lineWidth});
    for (std::size_t i = 0; curve.hasDots && i < curve.x.size(); ++i)
        if (std::isfinite(curve.y[i]))
            paintPoint(painter, frame, curve.x[i], curve.y[i], {color, 0.45 * style.smallTextSize});
}

}

int CurvePanels::rows() const
{
    std::size_t all = 0;
    for (const CurvePanel& panel : panels)
        all += panel.curves.size();
    return static_cast<int>(all);
}

int CurvePanels::columns() const
{
    std::size_t most = 0;
    for (const CurvePanel& panel : panels)
        for (const PanelCurve& curve : panel.curves)
            most = std::max(most, curve.x.size());
    return static_cast<int>(most);
}

std::size_t CurvePanels::indexOf(int row) const
{
    std::size_t index = 0;
    for (; index + 1 < panels.size() && row >= static_cast<int>(panels[index].curves.size()); ++index)
        row -= static_cast<int>(panels[index].curves.size());
    return index;
}

const CurvePanel& CurvePanels::panelOf(int row) const { return panels[indexOf(row)]; }

const PanelCurve& CurvePanels::curveAt(int row) const
{
    const std::size_t index = indexOf(row);
    for (std::size_t i = 0; i < index; ++i)
        row -= static_cast<int>(panels[i].curves.size());
    return panels[index].curves[static_cast<std::size_t>(row)];
}

/// In as few lines as they take: lines by name, then what else is to be told apart.
std::vector<CurvePanels::Entry> CurvePanels::key(const QRectF& rect, const Style& style) const
{
    std::vector<Entry> entries;
    const auto add = [&](const QString& name, const QColor& color, Qt::PenStyle dash, bool isStairs) {
        if (!name.isEmpty() && std::ranges::none_of(entries, [&](const Entry& e) { return e.name == name; }))
            entries.push_back({name, color, dash, isStairs, {}, {}});
    };
    for (const CurvePanel& panel : panels)
        for (const PanelCurve& curve : panel.curves)
            add(curve.name, curveColor(curve.color, style.ground), Qt::SolidLine, false);
    add(stairsName, style.ink, Qt::SolidLine, true);
    add(markName, style.ink, Qt::DotLine, false);
    if (std::isfinite(level))
        add(levelName, style.faint, Qt::DashLine, false);
    const double mark = 1.8 * style.textSize;
    QPointF at = rect.topLeft();
    for (Entry& entry : entries) {
        const double name = textWidth(entry.name, style.smallFont(), style.unitsPerInch) + 1;
        if (at.x() > rect.left() && at.x() + mark + style.gap / 2 + name > rect.right())
            at = {rect.left(), at.y() + lineHeight(style)};
        entry.mark = QRectF(at, QSizeF(mark, lineHeight(style)));
        entry.text = {entry.mark.right() + style.gap / 2, at.y(),
            std::min(name, rect.right() - entry.mark.right() - style.gap / 2), lineHeight(style)};
        at.rx() = entry.text.right() + 2 * style.gap;
    }
    return entries;
}

double CurvePanels::keyHeight(const QRectF& rect, const Style& style) const
{
    const std::vector<Entry> entries = key(rect, style);
    return entries.empty() ? 0 : entries.back().text.bottom() - rect.top() + style.gap;
}

std::vector<QRectF> CurvePanels::places(const QRectF& rect, const Style& style) const
{
    const QRectF room = rect.adjusted(0, keyHeight(rect, style), 0, 0);
    const auto count = static_cast<int>(panels.size());
    int columns = 1;
    double best = std::numeric_limits<double>::infinity();
    for (int c = 1; c <= count; ++c) {
        const int rows = (count + c - 1) / c;
        const double aspect = (room.width() / c) / std::max(room.height() / rows, 1.0),
                     off = std::abs(std::log(aspect / bestAspect)) + 0.1 * (rows * c - count);
        if (off < best) {
            best = off;
            columns = c;
        }
    }
    const int rows = std::max(1, (count + columns - 1) / columns);
    const double gap = 2.5 * style.gap, width = (room.width() - gap * (columns - 1)) / columns,
                 height = (room.height() - gap / 2 * (rows - 1)) / rows;
    std::vector<QRectF> all;
    for (int i = 0; i < count; ++i)
        all.push_back({room.left() + i % columns * (width + gap),
            room.top() + i / columns * (height + gap / 2), width, height});
    return all;
}

double CurvePanels::heightFor(double width, const Style& style) const
{
    const auto count = static_cast<int>(panels.size());
    const int columns = std::clamp(static_cast<int>(width / (14 * style.textSize)), 1, std::max(count, 1));
    const int rows = std::max(1, (count + columns - 1) / columns);
    const double panel = width / columns / bestAspect + 2 * style.textSize;
    return rows * std::max(panel, 9 * style.textSize) + keyHeight({0, 0, width, 0}, style);
}

AxisSpec CurvePanels::valueAxis(std::size_t index) const
{
    AxisSpec axis = panels[index].y;
    if (axis.max > axis.min)
        return axis;
    ValueRange range;
    for (std::size_t i = 0; i < panels.size(); ++i) {
        if (i != index && !hasOneScale)
            continue;
        for (const PanelCurve& curve : panels[i].curves)
            for (const auto* values : {&curve.y, &curve.low, &curve.high})
                include(range, *values);
        for (const PanelMark& mark : panels[i].marks)
            range.include(mark.y);
    }
    range.include(level);
    if (range.empty())
        return {axis.label, 0, 1};
    const bool fromZero = range.min >= 0 && range.min < 0.3 * range.max;
    const double low = fromZero ? 0 : range.min, extent = std::max(range.max - low, 1e-12);
    axis.min = fromZero ? 0 : low - 0.05 * extent;
    axis.max = range.max + 0.05 * extent;
    return axis;
}

PlotFrame CurvePanels::frameOf(std::size_t index, const QRectF& rect, const Style& style) const
{
    const QRectF place = places(rect, style)[index];
    return PlotFrame::within(place.adjusted(0, titleHeight(panels[index], style), 0, 0),
        across(panels[index]), valueAxis(index), style);
}

QRectF CurvePanels::stripOf(QPoint cell, const QRectF& rect, const Style& style) const
{
    const PlotFrame frame = frameOf(indexOf(cell.y()), rect, style);
    const PanelCurve& curve = curveAt(cell.y());
    const auto at = std::min(static_cast<std::size_t>(cell.x()), curve.x.size() - 1);
    const double x = frame.xOf(curve.x[at]);
    return {x - 3, frame.area.top(), 6, frame.area.height()};
}

QPoint CurvePanels::cellAt(QPointF point, const QRectF& rect, const Style& style) const
{
    const std::vector<QRectF> all = places(rect, style);
    int row = 0;
    for (std::size_t i = 0; i < panels.size(); ++i) {
        const PlotFrame frame = frameOf(i, rect, style);
        QPoint found(-1, -1);
        double nearest = std::numeric_limits<double>::infinity();
        for (const PanelCurve& curve : panels[i].curves) {
            const int own = row++;
            if (curve.x.empty())
                continue;
            const auto away = [&](double x) { return std::abs(frame.xOf(x) - point.x()); };
            const auto at = std::ranges::min_element(curve.x, {}, away) - curve.x.begin();
            const double off = std::abs(frame.yOf(curve.y[static_cast<std::size_t>(at)]) - point.y());
            if (off < nearest) { // never where there is no number
                nearest = off;
                found = {static_cast<int>(at), own};
            }
        }
        if (all[i].contains(point))
            return found;
    }
    return {-1, -1};
}

void CurvePanels::drawKey(QPainter& painter, const QRectF& rect, const Style& style) const
{
    for (const Entry& entry : key(rect, style)) {
        const double y = entry.mark.center().y(), step = 0.2 * style.textSize,
                     middle = entry.mark.center().x();
        painter.setPen(
            QPen(entry.color, (entry.isStairs ? 0.7 : 1.1) * style.lineWidth, entry.dash, Qt::FlatCap));
        if (entry.isStairs)
            painter.drawPolyline(QPolygonF{{entry.mark.left(), y + step}, {middle, y + step},
                {middle, y - step}, {entry.mark.right(), y - step}});
        else
            painter.drawLine(QPointF(entry.mark.left(), y), QPointF(entry.mark.right(), y));
        painter.setPen(style.ink);
        paintText(painter, entry.text, Qt::AlignLeft | Qt::AlignVCenter, entry.name, style.smallFont());
    }
}

void CurvePanels::drawPanel(
    QPainter& painter, std::size_t index, const QRectF& rect, const Style& style) const
{
    const CurvePanel& panel = panels[index];
    const PlotFrame frame = frameOf(index, rect, style);
    painter.setPen(style.ink);
    if (!panel.title.isEmpty())
        paintText(painter,
            {frame.area.left(), frame.area.top() - titleHeight(panel, style), frame.area.width(),
                lineHeight(style)},
            Qt::AlignLeft | Qt::AlignVCenter, panel.title, style.textFont());
    for (const Tick& tick : fittingTicks(frame.y, frame.area.height(), false, style))
        paintLevel(painter, frame, tick.value, {style.grid, style.axisWidth});
    if (std::isfinite(level))
        paintLevel(painter, frame, level, {style.faint, style.lineWidth, Qt::DashLine});
    for (const PanelMark& mark : panel.marks)
        if (mark.x >= frame.x.min && mark.x <= frame.x.max)
            paintUpright(painter, frame, mark.x,
                {curveColor(mark.color, style.ground), 0.8 * style.lineWidth, Qt::DotLine});
    for (const PanelCurve& curve : panel.curves)
        drawCurve(painter, frame, curve, style);
    for (const PanelMark& mark : panel.marks)
        if (std::isfinite(mark.y) && mark.x >= frame.x.min && mark.x <= frame.x.max)
            paintPoint(painter, frame, mark.x, mark.y,
                {curveColor(mark.color, style.ground), 0.55 * style.smallTextSize, Qt::SolidLine,
                    style.ground});
    paintAxes(painter, frame, style);
}

void CurvePanels::draw(QPainter& painter, const QRectF& rect, const Style& style) const
{
    drawKey(painter, rect, style);
    for (std::size_t i = 0; i < panels.size(); ++i)
        drawPanel(painter, i, rect, style);
}

}
