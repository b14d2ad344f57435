// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/panel_grid.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

double titleHeight(const Style& style) { return 1.5 * style.textSize; }

/// The width of a panel where so many stand side by side.
double panelWidth(const QSizeF& room, int count, int columns, double aspect, const Style& style)
{
    const int rows = (count + columns - 1) / columns;
    const double across = room.width() / columns - style.gap,
                 down = room.height() / rows - style.gap - titleHeight(style);
    return std::max(0.0, std::min(across, down / aspect));
}

}

std::vector<QRectF> spread(const QRectF& area, int count, double aspect, const Style& style)
{
    int columns = 1;
    double best = INFINITY;
    for (int c = 1; c <= count; ++c) {
        const int rows = (count + c - 1) / c;
        const double found = (area.width() / c) / (area.height() / rows);
        if (const double off = std::abs(std::log(found / aspect)) + 0.1 * (rows * c - count); off < best) {
            best = off;
            columns = c;
        }
    }
    const int rows = (count + columns - 1) / columns;
    const double gap = 3 * style.gap, width = (area.width() - gap * (columns - 1)) / columns,
                 height = (area.height() - gap * (rows - 1)) / rows;
    std::vector<QRectF> places;
    for (int i = 0; i < count; ++i)
        places.push_back({area.left() + (i % columns) * (width + gap),
            area.top() + (i / columns) * (height + gap), width, height});
    return places;
}

PanelGrid PanelGrid::within(const QRectF& area, int count, int columns, double aspect, const Style& style)
{
    PanelGrid grid{area, count, std::max(columns, 1), {}, titleHeight(style), aspect, style.gap};
    for (int tried = 1; columns == 0 && tried <= count; ++tried)
        if (panelWidth(area.size(), count, tried, aspect, style)
            > panelWidth(area.size(), count, grid.columns, aspect, style))
            grid.columns = tried;
    const double width = panelWidth(area.size(), count, grid.columns, aspect, style);
    grid.cell = QSizeF(width + style.gap, width * aspect + grid.title + style.gap);
    const double left = std::max(0.0, area.width() - grid.columns * grid.cell.width()) / 2;
    grid.area.setLeft(area.left() + left);
    return grid;
}

double PanelGrid::heightFor(double width, int count, int columns, double aspect, const Style& style)
{
    const int rows = (count + columns - 1) / columns;
    return rows * ((width / columns - style.gap) * aspect + titleHeight(style) + style.gap);
}

QRectF PanelGrid::cellOf(int index) const
{
    return {area.left() + index % columns * cell.width(), area.top() + index / columns * cell.height(),
        cell.width() - gap, cell.height() - gap};
}

QRectF PanelGrid::titleOf(int index) const
{
    const QRectF whole = cellOf(index);
    return {whole.left(), whole.top(), whole.width(), title};
}

QRectF PanelGrid::panelOf(int index) const { return cellOf(index).adjusted(0, title, 0, 0); }

int PanelGrid::at(QPointF point) const
{
    for (int index = 0; index < count; ++index)
        if (panelOf(index).contains(point))
            return index;
    return -1;
}

}
