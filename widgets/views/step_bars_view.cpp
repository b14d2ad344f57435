// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/step_bars_view.h"

#include "widgets/plots/curve_colors.h"
#include "widgets/plots/painters.h"
#include "widgets/views/panel_grid.h"
#include "widgets/views/reading.h"

#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace fovea {

namespace {

constexpr double barsAspect = 1.7, barsTitle = 1.5, barShare = 0.8, lowBars = 12;
constexpr double leastWide = 9; ///< of the bars of a listed step, in text sizes
constexpr std::array<std::size_t, 6> mostApart{0, 4, 2, 1, 3, 5}; ///< of the colours of curves

/// The next round number at or above a positive one: an axis that ends there stands still for a while.
double roundAbove(double value)
{
    if (!(value > 0) || !std::isfinite(value))
        return 1;
    const double ten = std::pow(10.0, std::floor(std::log10(value)));
    for (const double factor : {1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0})
        if (factor * ten >= value * (1 - 1e-12))
            return factor * ten;
    return 10 * ten;
}

}

StepBarsView::StepBarsView(Session& session, QWidget* parent)
    : FamilyView(QStringLiteral("step-bars"), tr("Bars at a step"), session, parent)
{
    renew();
}

int StepBarsView::rows() const { return std::max(1, static_cast<int>(listed().size())); }

/// Of the listed steps one for which there is room.
int StepBarsView::currentRow() const
{
    if (listed().empty())
        return 0;
    const std::vector<int> seen = rowsSeen();
    const auto behind = std::ranges::upper_bound(seen, FamilyView::currentRow());
    return *(behind == seen.begin() ? behind : std::prev(behind));
}

/// Passes over the listed steps for which there is no room.
void StepBarsView::goTo(QPoint cell)
{
    const std::vector<int> seen = rowsSeen();
    if (!listed().empty() && seen.size() > 1) // the first and the last among them
        cell.setY(cell.y() > currentRow() ? *std::ranges::lower_bound(seen, cell.y())
                                          : *std::prev(std::ranges::upper_bound(seen, cell.y())));
    FamilyView::goTo(cell);
}

Index StepBarsView::stepOfRow(int row) const
{
    return listed().empty() ? shownStep() : listed()[static_cast<std::size_t>(row)];
}

std::vector<QString> StepBarsView::stems() const
{
    std::vector<QString> all;
    for (const Panel& panel : panels())
        for (const Band& band : bandsOf(*panel.last)) {
            const bool isShown = std::ranges::any_of(panel.columns,
                [&](Index element) { return element >= band.first && element < band.first + band.count; });
            if (isShown && std::ranges::find(all, band.stem) == all.end())
                all.push_back(band.stem);
        }
    return all;
}

QColor StepBarsView::colorOf(const Panel& panel, Index element, const Style& style) const
{
    const std::vector<QString> all = stems();
    for (const Band& band : bandsOf(*panel.last))
        if (element >= band.first && element < band.first + band.count) {
            const auto at = static_cast<std::size_t>(std::ranges::find(all, band.stem) - all.begin());
            return curveColor(mostApart[at % mostApart.size()], style.ground);
        }
    return curveColor(0, style.ground);
}

/// As far as the bars of all steps reach, whatever step is shown.
AxisSpec StepBarsView::heights() const
{
    const ValueRange all = range();
    AxisSpec axis{quantity(), 0, 1};
    if (session().display().scale == ScaleMode::Fixed)
        axis.max = session().display().fixedMax;
    else if (!all.empty())
        axis.max = all.max > 0 ? roundAbove(all.max) : 0;
    if (!all.empty() && all.min < 0)
        axis.min = session().display().scale == ScaleMode::Fixed ? -axis.max : -roundAbove(-all.min);
    if (!(axis.max > axis.min))
        axis.max = axis.min + 1;
    return axis;
}

double StepBarsView::heightFor(double width, const Style& style) const
{
    const auto count = static_cast<double>(std::max<std::size_t>(1, panels().size()));
    const double across = listed().empty() ? panelsAcross(width, style)
                                           : static_cast<double>(rowsIn(width - 2 * style.gap, style).size());
    const double down = listed().empty() ? std::ceil(count / across) : count;
    const double axis = style.tickLength + style.smallTextSize + style.textSize + 2 * style.gap;
    const double plot = std::max(0.5 * width / across, 8 * style.textSize);
    return down * (barsTitle * style.textSize + plot + axis + 3 * style.gap) + 2 * style.textSize
        + frameHeight(width, style);
}

/// All, or as many of the listed steps as there is room for: the first, the last, and between them evenly.
std::vector<int> StepBarsView::rowsIn(double width, const Style& style) const
{
    const int most = std::max(1, static_cast<int>(width / (leastWide * style.textSize)));
    const int shown = std::min(rows(), most);
    const int chosen = listed().empty() ? 0 : FamilyView::currentRow();
    std::vector<int> fitting;
    for (int i = 0; i < shown; ++i)
        fitting.push_back(shown == 1 ? chosen : i * (rows() - 1) / (shown - 1));
    return fitting;
}

std::vector<int> StepBarsView::rowsSeen() const
{
    const Style style = screenStyle();
    return rowsIn(width() - 2 * style.gap, style);
}

std::vector<StepBarsView::Place> StepBarsView::placesIn(const QRectF& body, const Style& style) const
{
    const QRectF rest = body.adjusted(0, 2 * style.textSize, 0, 0); // below the legend
    const std::vector<int> shown = rowsIn(body.width(), style);
    const auto count = static_cast<int>(panels().size()), across = static_cast<int>(shown.size());
    const double gap = 3 * style.gap;
    std::vector<QRectF> cells;
    if (listed().empty())
        cells = spread(rest, count, barsAspect, style);
    for (int i = 0; !listed().empty() && i < count * across; ++i) { // a row of steps for each panel
        const double width = (rest.width() - gap * (across - 1)) / across,
                     height = (rest.height() - gap * (count - 1)) / count;
        cells.push_back({rest.left() + i % across * (width + gap), rest.top() + i / across * (height + gap),
            width, height});
    }
    const AxisSpec up = heights();
    std::vector<Place> places;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::size_t at = i % shown.size();
        Place place{i / shown.size(), shown[at], {}};
        const Panel& panel = panels()[place.panel];
        QStringList names;
        for (const Index element : panel.columns)
            names.append(QString::number(element));
        AxisSpec y = up;
        const bool isLow = cells[i].height() < lowBars * style.textSize; // the caption names both
        if (at > 0 || isLow)
            y.label.clear(); // beside the first of its row
        place.frame = PlotFrame::within(cells[i].adjusted(0, barsTitle * style.textSize, 0, 0),
            AxisSpec::ofCells(isLow ? QString() : elementAxis(*panel.last), names.size(), names), y, style);
        places.push_back(std::move(place));
    }
    return places;
}

void StepBarsView::drawPlace(QPainter& painter, const Place& place, const Style& style) const
{
    const Panel& panel = panels()[place.panel];
    const PlotFrame& frame = place.frame;
    const Index number = stepOfRow(place.row);
    const RecordPtr record = recordAt(panel, number);
    painter.setPen(isChosen(panel) && panels().size() > 1 && listed().empty() && style.mapDpi == 0
            ? style.accent
            : style.ink);
    const QString step = record ? tr("step %1").arg(number) : tr("step %1 was not recorded").arg(number);
    paintText(painter,
        {frame.area.left(), frame.area.top() - barsTitle * style.textSize, frame.area.width(),
            barsTitle * style.textSize},
        Qt::AlignLeft | Qt::AlignVCenter,
        place.row == 0 || panels().size() > 1 ? QStringLiteral("%1 · %2").arg(panel.title, step) : step,
        style.textFont());
    for (const Tick& tick : fittingTicks(frame.y, frame.area.height(), false, style))
        paintLevel(painter, frame, tick.value, {style.grid, style.axisWidth});
    painter.save();
    painter.setClipRect(frame.area, Qt::IntersectClip);
    const auto rectOf = [&](std::size_t i, double value) {
        const auto x = static_cast<double>(i);
        return QRectF(frame.at(x - barShare / 2, 0), frame.at(x + barShare / 2, value)).normalized();
    };
    if (record) {
        const VectorNumbers values(record->value);
        for (std::size_t i = 0; i < panel.columns.size(); ++i)
            if (const double value = values.values()[static_cast<std::size_t>(panel.columns[i])];
                std::isfinite(value))
                painter.fillRect(rectOf(i, value), colorOf(panel, panel.columns[i], style));
    }
    const RecordPtr first = stepsOf(panel).front()->find(panel.path);
    if (first && first->value.count() == panel.last->value.count()) {
        painter.setPen(QPen(style.ink, 1.4 * style.axisWidth, Qt::SolidLine, Qt::FlatCap));
        const VectorNumbers values(first->value);
        for (std::size_t i = 0; i < panel.columns.size(); ++i) {
            const QRectF bar = rectOf(i, values.values()[static_cast<std::size_t>(panel.columns[i])]);
            const double y = frame.yOf(values.values()[static_cast<std::size_t>(panel.columns[i])]);
            painter.drawLine(QPointF(bar.left(), y), QPointF(bar.right(), y));
        }
    }
    painter.restore();
    paintAxes(painter, frame, style);
}

/// The colours, and at the right end how many of the listed steps there is room for, if not for all.
void StepBarsView::drawLegend(QPainter& painter, QRectF line, const Style& style) const
{
    if (const auto shown = static_cast<int>(rowsIn(line.width(), style).size()); shown < rows()) {
        const QString count = tr("%1 of %2 steps").arg(shown).arg(rows());
        painter.setPen(style.faint);
        paintText(painter, line, Qt::AlignRight | Qt::AlignVCenter, count, style.smallFont());
        line.setWidth(line.width() - textWidth(count, style.smallFont(), style.unitsPerInch) - 2 * style.gap);
    }
    const std::vector<QString> all = stems();
    double left = line.left();
    for (std::size_t i = 0; i < all.size() && all.size() > 1; ++i) {
        const double square = style.textSize,
                     width = textWidth(all[i], style.smallFont(), style.unitsPerInch);
        if (left + square + style.gap + width > line.right())
            return;
        painter.fillRect(QRectF(left, line.center().y() - square / 2, square, square),
            curveColor(mostApart[i % mostApart.size()], style.ground));
        left += square + style.gap;
        painter.setPen(style.ink);
        paintText(painter, {left, line.top(), width, line.height()}, Qt::AlignLeft | Qt::AlignVCenter, all[i],
            style.smallFont());
        left += width + 3 * style.gap;
    }
}

void StepBarsView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    drawLegend(painter, {body.left(), body.top(), body.width(), 1.5 * style.textSize}, style);
    for (const Place& place : placesIn(body, style))
        drawPlace(painter, place, style);
}

void StepBarsView::paintEvent(QPaintEvent* event)
{
    FamilyView::paintEvent(event);
    if (!hasFocus() || !missing().isEmpty())
        return;
    QPainter painter(this);
    if (const QRectF cell = cellRect(current()); !cell.isEmpty()) // else there is no room for its step
        paintOutline(painter, cell, screenStyle());
}

QRectF StepBarsView::cellRect(QPoint cell) const
{
    const auto [panel, column] = placeOf(cell.x());
    for (const Place& place : placesIn(body(), screenStyle()))
        if (place.panel == panel && place.row == cell.y()) {
            const QRectF& area = place.frame.area;
            const auto x = static_cast<double>(column);
            const double left = place.frame.xOf(x - 0.5);
            return {left, area.top(), place.frame.xOf(x + 0.5) - left, area.height()};
        }
    return {};
}

QPoint StepBarsView::cellAt(QPointF point) const
{
    if (!missing().isEmpty())
        return none;
    for (const Place& place : placesIn(body(), screenStyle())) {
        const auto columns = static_cast<int>(panels()[place.panel].columns.size());
        const QPoint cell = CellLattice{place.frame.area, QSize(columns, 1)}.at(point);
        if (cell != none)
            return {columnOf(place.panel, static_cast<std::size_t>(cell.x())), place.row};
    }
    return none;
}

QStringList StepBarsView::badges() const
{
    const StepList& steps = session().slot().trace()->steps;
    return QStringList{tr("lines: step %1").arg(steps.front()->step())} + FamilyView::badges();
}

}
