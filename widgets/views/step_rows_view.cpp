// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/step_rows_view.h"

#include "widgets/plots/color_bar.h"
#include "widgets/plots/painters.h"
#include "widgets/views/panel_grid.h"
#include "widgets/views/reading.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

constexpr double panelAspect = 1.5, listedRow = 1.7; ///< a row of a list, in text sizes
constexpr double titleLines = 1.5, bandLines = 1.4, lowPanel = 12;
constexpr int mostLines = 2000;

/// The columns of a panel that belong to each band: first and count among the shown ones.
std::vector<Band> shownBands(const Record& vector, const std::vector<Index>& columns)
{
    std::vector<Band> shown;
    for (const Band& band : bandsOf(vector)) {
        const auto first = std::ranges::lower_bound(columns, band.first),
                   end = std::ranges::lower_bound(columns, band.first + band.count);
        if (first != end)
            shown.push_back({band.name, band.stem, first - columns.begin(), end - first});
    }
    return shown;
}

/// To be seen on any colour.
void paintDashes(QPainter& painter, const QLineF& line, const Style& style)
{
    painter.setPen(QPen(QColor(0, 0, 0, 110), 2 * style.axisWidth, Qt::SolidLine, Qt::FlatCap));
    painter.drawLine(line);
    painter.setPen(QPen(Qt::white, 1.6 * style.axisWidth, Qt::DashLine, Qt::FlatCap));
    painter.drawLine(line);
}

}

StepRowsView::StepRowsView(Session& session, QWidget* parent)
    : FamilyView(QStringLiteral("step-rows"), tr("Vectors over steps"), session, parent)
{
    renew();
}

double StepRowsView::headHeight(const Style& style) const
{
    const bool hasBands
        = std::ranges::any_of(panels(), [](const Panel& panel) { return bandsOf(*panel.last).size() > 1; });
    return titleLines * style.textSize + (hasBands ? bandLines * style.smallTextSize : 0);
}

double StepRowsView::heightFor(double width, const Style& style) const
{
    const auto count = static_cast<double>(std::max<std::size_t>(1, panels().size()));
    const bool isNarrow = ColorBarRoom::isNarrow(width, style);
    const double across = panelsAcross(width, style);
    const double axis = style.tickLength + style.smallTextSize + style.textSize + 2 * style.gap;
    const double map = listed().empty() ? 0.55 * width / across
                                        : listedRow * style.textSize * static_cast<double>(listed().size());
    const double rows = std::ceil(count / across);
    return rows * (headHeight(style) + map + axis + 3 * style.gap) + frameHeight(width, style)
        + (isNarrow ? 5 * style.textSize : 0); // a bar below
}

PlotFrame StepRowsView::frameOf(const Panel& panel, const QRectF& place, const Style& style) const
{
    QStringList names;
    const auto& columns = panel.columns;
    if (columns.front() != 0 || columns.back() + 1 != static_cast<Index>(columns.size()))
        for (const Index element : columns)
            names.append(QString::number(element));
    const bool isLow = place.height() < lowPanel * style.textSize; // the caption names element and step
    const AxisSpec x = AxisSpec::ofCells(
        isLow ? QString() : elementAxis(*panel.last), static_cast<qsizetype>(columns.size()), names);
    const QString down = isLow ? QString() : tr("step");
    AxisSpec y{down, -0.5, static_cast<double>(lastStep()) + 0.5, false, true};
    if (!listed().empty()) {
        QStringList steps;
        for (const Index number : listed())
            steps.append(QString::number(number));
        y = AxisSpec::ofCells(down, steps.size(), steps);
    }
    y.downward = true;
    return PlotFrame::within(place.adjusted(0, headHeight(style), 0, 0), x, y, style);
}

StepRowsView::Sheet StepRowsView::sheetIn(const QRectF& body, const Style& style) const
{
    Sheet sheet{scaleOf(quantity(), panels().front().last->info.unit, range()), {}};
    const QRectF rest = ColorBarRoom::in(body, sheet.scale, style).rest(body);
    const auto places = spread(rest, static_cast<int>(panels().size()), panelAspect, style);
    for (std::size_t i = 0; i < panels().size(); ++i)
        sheet.frames.push_back(frameOf(panels()[i], places[i], style));
    return sheet;
}

/// A line of pixels for each step. A listed one that was not recorded has the colour of a grid; of all steps
/// those before the first recorded vector have, and the others show the last one up to them.
QImage StepRowsView::imageOf(
    const Panel& panel, const std::vector<Index>& numbers, const ValueScale& scale, const Style& style) const
{
    const auto rows = static_cast<Index>(numbers.size()), width = static_cast<Index>(panel.columns.size());
    std::vector<double> values;
    std::vector<int> away;
    RecordPtr record;
    for (std::size_t row = 0; row < numbers.size(); ++row) {
        const Index before = row == 0 ? -1 : numbers[row - 1];
        const RecordPtr found = recordAt(panel, numbers[row], listed().empty(), before);
        record = found || !listed().empty() ? found : record; // else the one of the line above
        if (!record) {
            away.push_back(static_cast<int>(row));
            values.resize(values.size() + panel.columns.size());
            continue;
        }
        const VectorNumbers all(record->value);
        for (const Index element : panel.columns)
            values.push_back(all.values()[static_cast<std::size_t>(element)]);
    }
    QImage image = mapImage(Tensor::of<double>({rows, width}, values), scale);
    for (const int row : away)
        for (int i = 0; i < image.width(); ++i)
            image.setPixel(i, row, style.grid.rgb());
    return image;
}

/// As many lines as can be told apart, at most one a step: a line shows the last recorded of its steps. What
/// is not made yet stays empty ground.
void StepRowsView::drawMap(QPainter& painter, const Panel& panel, const QRectF& area, const ValueScale& scale,
    const Style& style) const
{
    if (!listed().empty())
        return paintMap(painter, area, imageOf(panel, listed(), scale, style), style);
    const double perUnit = style.mapDpi > 0 ? style.mapDpi / style.unitsPerInch : 1;
    const Index steps = lastStep() + 1, made = stepsOf(panel).back()->step() + 1;
    const Index lines
        = std::min<Index>(steps, std::clamp(static_cast<int>(area.height() * perUnit), 1, mostLines));
    const Index drawn = (made * lines + steps - 1) / steps;
    std::vector<Index> numbers;
    for (Index line = 0; line < drawn; ++line)
        numbers.push_back((line + 1) * steps / lines - 1);
    QRectF place = area;
    place.setHeight(area.height() * static_cast<double>(drawn) / static_cast<double>(lines));
    paintMap(painter, place, imageOf(panel, numbers, scale, style), style);
}

void StepRowsView::drawBands(
    QPainter& painter, const Panel& panel, const PlotFrame& frame, const Style& style) const
{
    const std::vector<Band> bands = shownBands(*panel.last, panel.columns);
    if (bands.size() < 2)
        return;
    for (const Band& band : bands) {
        const double left = frame.xOf(static_cast<double>(band.first) - 0.5),
                     right = frame.xOf(static_cast<double>(band.first + band.count) - 0.5);
        if (band.first > 0)
            paintDashes(painter, QLineF(left, frame.area.top(), left, frame.area.bottom()), style);
        const double height = bandLines * style.smallTextSize;
        const double width = textWidth(band.name, style.smallFont(), style.unitsPerInch);
        if (width + style.gap > right - left)
            continue; // a name that is cut says nothing
        painter.setPen(style.faint);
        paintText(painter, {(left + right - width) / 2, frame.area.top() - height, width, height},
            Qt::AlignLeft | Qt::AlignVCenter, band.name, style.smallFont());
    }
}

void StepRowsView::drawStep(QPainter& painter, const PlotFrame& frame, const Style& style) const
{
    const Index step = shownStep();
    if (step < 0 || !listed().empty())
        return;
    const auto number = static_cast<double>(step);
    const double top = frame.yOf(number - 0.5), bottom = frame.yOf(number + 0.5);
    constexpr double leastHigh = 5; // lower ones are a line
    if (bottom - top >= leastHigh)
        return paintOutline(painter, {frame.area.left(), top, frame.area.width(), bottom - top}, style);
    paintLevel(painter, frame, number, {Qt::white, 3 * style.axisWidth});
    paintLevel(painter, frame, number, {style.accent, 1.6 * style.axisWidth});
}

void StepRowsView::drawPanel(QPainter& painter, const Panel& panel, const PlotFrame& frame,
    const ValueScale& scale, const Style& style) const
{
    const QRectF title(frame.area.left(), frame.area.top() - headHeight(style), frame.area.width(),
        titleLines * style.textSize);
    const bool isMarked = isChosen(panel) && panels().size() > 1 && listed().empty() && style.mapDpi == 0;
    painter.setPen(isMarked ? style.accent : style.ink);
    paintText(painter, title, Qt::AlignLeft | Qt::AlignVCenter, panel.title, style.textFont());
    drawMap(painter, panel, frame.area, scale, style);
    drawBands(painter, panel, frame, style);
    drawStep(painter, frame, style);
    paintAxes(painter, frame, style, true);
}

void StepRowsView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const Sheet sheet = sheetIn(body, style);
    QRectF all;
    for (std::size_t i = 0; i < panels().size(); ++i) {
        drawPanel(painter, panels()[i], sheet.frames[i], sheet.scale, style);
        all = all.united(sheet.frames[i].area);
    }
    ColorBarRoom::in(body, sheet.scale, style).paint(painter, all, body, sheet.scale, style);
}

void StepRowsView::paintEvent(QPaintEvent* event)
{
    FamilyView::paintEvent(event);
    if (!hasFocus() || !missing().isEmpty())
        return;
    QPainter painter(this);
    paintOutline(painter, cellRect(current()), screenStyle());
}

QRectF StepRowsView::cellRect(QPoint cell) const
{
    const auto [at, place] = placeOf(cell.x());
    const PlotFrame frame = sheetIn(body(), screenStyle()).frames[at];
    const double row = listed().empty() ? static_cast<double>(stepOfRow(cell.y())) : cell.y();
    const auto column = static_cast<double>(place);
    QRectF rect(frame.at(column - 0.5, row - 0.5), frame.at(column + 0.5, row + 0.5));
    constexpr double leastHigh = 3;
    if (rect.height() < leastHigh)
        rect.adjust(0, -(leastHigh - rect.height()) / 2, 0, (leastHigh - rect.height()) / 2);
    return rect;
}

QPoint StepRowsView::cellAt(QPointF point) const
{
    if (!missing().isEmpty())
        return none;
    const Sheet sheet = sheetIn(body(), screenStyle());
    for (std::size_t i = 0; i < sheet.frames.size(); ++i) {
        const QRectF& area = sheet.frames[i].area;
        if (!area.contains(point))
            continue;
        const auto columns = static_cast<int>(panels()[i].columns.size());
        const Index lines = listed().empty() ? lastStep() + 1 : static_cast<Index>(listed().size());
        const QPoint cell = CellLattice{area, QSize(columns, static_cast<int>(lines))}.at(point);
        int row = cell.y();
        if (listed().empty()) {
            const std::ptrdiff_t at = lastUpTo(session().slot().trace()->steps, row);
            if (row > stepsOf(panels()[i]).back()->step() || at < 0)
                return none; // not made yet
            row = static_cast<int>(at);
        }
        return {columnOf(i, static_cast<std::size_t>(cell.x())), row};
    }
    return none;
}

QStringList StepRowsView::badges() const
{
    const bool isFixed = session().display().scale == ScaleMode::Fixed;
    return QStringList{scaleBadge(isFixed ? ScaleMode::Fixed : ScaleMode::Shown)} + FamilyView::badges();
}

}
