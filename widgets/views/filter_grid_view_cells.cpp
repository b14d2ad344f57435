// The grid's cells: what the keyboard walks through, and the pages they are on.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/painters.h"
#include "widgets/plots/ticks.h"
#include "widgets/views/filter_grid_view.h"

#include <QMouseEvent>

#include <algorithm>

namespace fovea {

QSize FilterGridView::cells() const
{
    const Page page = pageShown();
    return {page.columns, bank_.layers() * page.rows};
}

QPoint FilterGridView::cellOf(const Page& page) const
{
    const int layer = bank_.layerOf(session().selection().record);
    const int shown = layer < 0 ? -1 : placeOf(layer) - page.first;
    if (shown < 0 || shown >= page.count())
        return none;
    return {shown % page.columns, layer * page.rows + shown / page.columns};
}

void FilterGridView::goTo(QPoint cell)
{
    const Page page = pageShown();
    choose(cell.y() / page.rows, placeAt(page, cell));
}

void FilterGridView::choose(int layer, int place)
{
    if (place < 0 || place >= bank_.channels(layer))
        return;
    Selection there = session().selection();
    there.record = bank_.weight(layer)->path();
    there.channel = channelAt(layer, place);
    left_.reset();
    session().setSelection(there);
    update();
}

/// Along a layer's places, from row to row and from page to page; downwards through the rows that hold any,
/// and beyond the first and the last to another page.
void FilterGridView::moveBy(int columns, int rows)
{
    const Page page = pageShown();
    const QPoint at = cellOf(page);
    if (at == none)
        return moveCursor(columns, rows);
    for (int row = at.y() + rows; rows != 0 && row >= 0 && row < bank_.layers() * page.rows; row += rows)
        if (placeAt(page, {at.x(), row}) < bank_.channels(row / page.rows))
            return goTo({at.x(), row});
    choose(at.y() / page.rows, placeAt(page, at) + columns + rows * page.columns);
}

/// To the place that lies as far in the page before or behind, or to the layer's last.
void FilterGridView::turnPage(int by)
{
    const Page page = pageShown();
    const QPoint at = cellOf(page);
    const int layer = at == none ? chosenLayer() : at.y() / page.rows,
              place = (at == none ? page.first : placeAt(page, at)) + by * page.count();
    if (page.first + by * page.count() < bank_.channels(layer))
        choose(layer, std::min(place, bank_.channels(layer) - 1));
}

/// -1 on the left half of what the caption says of pages, 1 on the right one, else 0.
int FilterGridView::pageLinkAt(QPointF point) const
{
    if (!missing().isEmpty())
        return 0;
    const Style style = screenStyle();
    const auto width
        = [&](const QString& text) { return textWidth(text, style.smallFont(), style.unitsPerInch); };
    const QRectF shown = body();
    const double before = width(layersText()), own = width(pagesText()), pitch = 1.4 * style.textSize;
    const bool isBehind = before + own + 2 * style.gap <= shown.width(); // else in the next line
    const QRectF link(shown.left() + (isBehind ? before : 0),
        shown.bottom() + 0.6 * style.textSize + (isBehind ? 0 : pitch), own, pitch);
    return !link.contains(point) ? 0 : point.x() < link.center().x() ? -1 : 1;
}

void FilterGridView::mousePressEvent(QMouseEvent* event)
{
    if (const int by = pageLinkAt(event->position()); by != 0 && event->button() == Qt::LeftButton)
        return turnPage(by);
    View::mousePressEvent(event);
}

QString FilterGridView::tipAt(QPointF point)
{
    if (pageLinkAt(point) == 0)
        return View::tipAt(point);
    return tr("Click an arrow for other channels, or go on with the arrow keys beyond the last one.");
}

QString FilterGridView::cellText(QPoint cell) const
{
    const Page page = pageShown();
    const int layer = cell.y() / page.rows, place = placeAt(page, cell);
    if (place >= bank_.channels(layer))
        return tr("%1: there is none").arg(tr("%1, channel %2").arg(bank_.name(layer)).arg(place));
    const int channel = channelAt(layer, place);
    const QString name = tr("%1, channel %2").arg(bank_.name(layer)).arg(channel);
    const QString kind = isStored()
        ? QString()
        : bandText(bank_.bands(layer)[static_cast<std::size_t>(channel)].band) + QStringLiteral(", ");
    return tr("%1, %2largest magnitude %3").arg(name, kind, numberText(bank_.range(layer, channel).max, 3));
}

QString FilterGridView::columnName(int column) const
{
    return (isStored() ? tr("channel %1") : tr("place %1")).arg(pageShown().first + column);
}

QString FilterGridView::rowName(int row) const { return shape(pageShown()).layerNames.value(row); }

QRectF FilterGridView::cellRect(QPoint cell) const
{
    return placesIn(body(), pageShown(), screenStyle()).of(cell.y(), cell.x());
}

QPoint FilterGridView::cellAt(QPointF point) const
{
    const Page page = pageShown();
    const auto [row, column] = placesIn(body(), page, screenStyle()).at(point);
    const bool isIn = row >= 0 && row < bank_.layers() * page.rows && column >= 0 && column < page.columns
        && placeAt(page, {column, row}) < bank_.channels(row / page.rows);
    return isIn ? QPoint(column, row) : none;
}

}
