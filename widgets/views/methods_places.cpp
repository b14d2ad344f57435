// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/methods_places.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

double barWidth(const Style& style) { return 5 * style.textSize; }
double lineHeight(const Style& style) { return 1.5 * style.smallTextSize; }
double labelWidth(const Style& style) { return 8 * style.smallTextSize; }

/// Columns that a figure of that width has.
int columnsFor(double width, int count, const Style& style)
{
    return std::clamp(static_cast<int>(width / (6.5 * style.textSize)), 1, std::max(count, 1));
}

int rowsOf(int count, int columns) { return (count + columns - 1) / columns; }

/// The columns with which the maps in an area get largest.
int bestColumns(const QSizeF& area, int count, double aspect, double lines)
{
    int best = 1;
    double most = 0;
    for (int columns = 1; columns <= count; ++columns) {
        const double width = area.width() / columns;
        const double height = area.height() / rowsOf(count, columns) - lines;
        if (const double side = std::min(width, height / aspect); side > most) {
            most = side;
            best = columns;
        }
    }
    return best;
}

/// Names, maps as high as a row, and numbers.
MethodsPlaces tableIn(const QRectF& body, const MethodsShown& shown, const Style& style)
{
    MethodsPlaces p;
    p.count = shown.count;
    p.numberLines = shown.numberLines;
    p.isTable = true;
    p.line = lineHeight(style);
    p.title = labelWidth(style);
    p.maps = body.adjusted(0, p.line, 0, 0);
    const double row = std::min(p.maps.height() / std::max(shown.count, 1), 3 * p.line);
    const double height = std::max(0.0, std::min(row - style.gap / 2, 3 * p.line * shown.aspect));
    p.map = {height / shown.aspect, height};
    p.cell = {p.maps.width(), row};
    return p;
}

/// With cells that hold a number at most; 0 where names would lie on one another.
double matrixHeight(double width, int count, const Style& style)
{
    const double room = 0.8 * (width - labelWidth(style) - barWidth(style));
    return room < count * style.smallTextSize
        ? 0
        : std::min(room, 2.8 * count * style.smallTextSize) + labelWidth(style);
}

}

double MethodsPlaces::heightFor(double width, const MethodsShown& shown, const Style& style)
{
    const double room = width - barWidth(style);
    const int columns = columnsFor(room, shown.count, style);
    const double map = room / columns - style.gap;
    const double lines = (1 + shown.numberLines) * lineHeight(style) + style.gap;
    return rowsOf(shown.count, columns) * (shown.aspect * map + lines) + style.gap
        + matrixHeight(width, shown.count, style);
}

MethodsPlaces MethodsPlaces::within(const QRectF& body, const MethodsShown& shown, const Style& style)
{
    const auto [count, aspect, numberLines] = shown;
    MethodsPlaces p;
    p.count = count;
    p.numberLines = numberLines;
    p.line = lineHeight(style);
    p.label = labelWidth(style);
    const bool isWide = body.width() > 1.3 * body.height();
    const double cells = isWide
        ? std::min(0.4 * body.width() - p.label - barWidth(style) - 2 * style.gap, body.height() - p.label)
        : std::min(body.width() - p.label - barWidth(style) - style.gap, 0.45 * body.height() - p.label);
    const bool hasMatrix = cells >= count * style.smallTextSize; // else its names would lie on one another
    const double below = std::min(matrixHeight(body.width(), count, style), 0.45 * body.height());
    const QRectF left = !hasMatrix ? body
        : isWide                   ? body.adjusted(0, 0, -0.4 * body.width(), 0)
                                   : body.adjusted(0, 0, 0, -below - style.gap);
    const QRectF right = isWide ? body.adjusted(0.6 * body.width() + style.gap, 0, 0, 0)
                                : body.adjusted(0, body.height() - below, 0, 0);

    p.maps = left.adjusted(0, 0, -barWidth(style), 0);
    const double lines = (1 + numberLines) * p.line + style.gap;
    p.columns = bestColumns(p.maps.size(), count, aspect, lines);
    p.cell = {p.maps.width() / p.columns, p.maps.height() / std::max(rowsOf(count, p.columns), 1)};
    const double side
        = std::max(0.0, std::min(p.cell.width() - style.gap, (p.cell.height() - lines) / aspect));
    if (side / 3 < 1.9 * style.smallTextSize) // nobody could read three numbers there
        return tableIn(body, shown, style);
    p.map = {side, aspect * side};
    p.cell = {side + style.gap, p.map.height() + lines};
    p.bar = {p.maps.left() + p.columns * p.cell.width(), p.maps.top() + p.line, barWidth(style),
        std::clamp(rowsOf(count, p.columns) * p.cell.height() - lines, 0.0, 3 * p.map.height())};

    if (!hasMatrix)
        return p;
    const double mapsEnd = p.maps.top() + rowsOf(count, p.columns) * p.cell.height() + style.gap;
    const QRectF square
        = right.adjusted(p.label, isWide ? 0 : mapsEnd - right.top(), -barWidth(style) - style.gap, -p.label);
    const double extent = std::max(0.0, std::min(square.width(), square.height()));
    p.matrix = {square.topLeft(), QSizeF(extent, extent)};
    p.matrixBar = {p.matrix.right() + style.gap, p.matrix.top(), barWidth(style), extent};
    return p;
}

QRectF MethodsPlaces::cellOf(int index) const
{
    return {maps.left() + index % columns * cell.width(), maps.top() + index / columns * cell.height(),
        cell.width(), cell.height()};
}

QRectF MethodsPlaces::titleOf(int index) const
{
    return {cellOf(index).topLeft(), isTable ? QSizeF(title, cell.height()) : QSizeF(map.width(), line)};
}

QRectF MethodsPlaces::mapOf(int index) const
{
    return {cellOf(index).topLeft() + (isTable ? QPointF(title, 0) : QPointF(0, line)), map};
}

QRectF MethodsPlaces::numbersOf(int index) const
{
    if (isTable)
        return cellOf(index).adjusted(title + map.width(), 0, 0, 0);
    return {mapOf(index).bottomLeft(), QSizeF(map.width(), numberLines * line)};
}

int MethodsPlaces::at(QPointF point) const
{
    for (int index = 0; index < count; ++index)
        if (cellOf(index).contains(point))
            return index;
    return -1;
}

}
