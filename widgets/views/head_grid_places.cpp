// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/head_grid_places.h"

#include "widgets/plots/painters.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("HeadGridView", text); }

double widthOf(const QString& text, const Style& style)
{
    return textWidth(text, style.smallFont(), style.unitsPerInch) + style.gap;
}

/// The height of a colour bar that holds its label.
double leastBar(const Style& style) { return 12 * style.textSize; }

}

QMarginsF HeadGridPlaces::margins(const HeadGridShape& shape, bool across, double bar, const Style& style)
{
    const double line = 1.6 * style.smallTextSize,
                 maximum = shape.hasMaxima ? widthOf(QStringLiteral("0.0000"), style) : 0;
    return {widthOf(tr("max"), style), line, bar + (across ? 0 : maximum), 0};
}

double HeadGridPlaces::maximaRoom(const HeadGridShape& shape, bool across, double step, const Style& style)
{
    if (!across || !shape.hasMaxima)
        return 0;
    const double text
        = widthOf(QStringLiteral("0.0000"), style); // too long for a thumbnail it stands upright
    return step < text ? text : 1.6 * style.smallTextSize;
}

HeadGridPlaces HeadGridPlaces::fitted(const HeadGridPlaces& start, const QSizeF& bar, const Style& style)
{
    HeadGridPlaces places = start;
    const bool across = start.across;
    const double aspect = start.shape.aspect;
    const double maximum = start.shape.hasMaxima && !across ? widthOf(QStringLiteral("0.0000"), style) : 0;
    const QRectF room = start.body.marginsRemoved(margins(start.shape, across, bar.width(), style));
    const int rows = across ? start.shape.heads : start.shape.layers;
    const int columns = across ? start.shape.layers : start.shape.heads;
    double width = room.width() / columns;
    for (int pass = 0; pass < 2; ++pass) { // what stands below takes from the height, and so from the width
        const double height = room.height() - maximaRoom(start.shape, across, width, style);
        width = std::max(1.0, std::min(room.width() / columns, height / rows / aspect));
    }
    places.step = {width, width * aspect};
    places.gap = std::min(style.gap / 2, width * 0.12);
    places.cells = QRectF(room.topLeft(), QSizeF(columns * width, rows * width * aspect));
    places.bar = QRectF(places.cells.right() + maximum + style.gap, places.cells.top(), bar.width(),
        std::max(places.cells.height() - places.gap, bar.height()));
    return places;
}

HeadGridPlaces HeadGridPlaces::within(
    const QRectF& body, const HeadGridShape& shape, const ValueScale& widest, const Style& style)
{
    HeadGridPlaces start;
    start.shape = shape;
    start.body = body;
    const QSizeF bar(colorBarWidth(widest, body.height(), style) + style.gap, leastBar(style));
    const HeadGridPlaces down = fitted(start, bar, style);
    start.across = true;
    const HeadGridPlaces across = fitted(start, bar, style);
    return across.step.width() > 1.15 * down.step.width() ? across : down;
}

double HeadGridPlaces::heightFor(
    double width, const HeadGridShape& shape, const ValueScale& widest, const Style& style)
{
    const bool across = shape.layers > shape.heads;
    const auto [few, many] = std::minmax({shape.layers, shape.heads});
    const QMarginsF around = margins(shape, across, colorBarWidth(widest, width, style) + style.gap, style);
    const double step = (width - around.left() - around.right()) / std::max(1, many);
    return std::max(leastBar(style), step * shape.aspect * few) + around.top()
        + maximaRoom(shape, across, step, style);
}

QRectF HeadGridPlaces::of(int layer, int head) const
{
    const QPoint cell = cellOf(layer, head);
    return {cells.left() + cell.x() * step.width(), cells.top() + cell.y() * step.height(),
        step.width() - gap, step.height() - gap};
}

std::pair<int, int> HeadGridPlaces::at(QPointF point) const
{
    const QPointF way = point - cells.topLeft();
    return headOf({static_cast<int>(std::floor(way.x() / step.width())),
        static_cast<int>(std::floor(way.y() / step.height()))});
}

void HeadGridPlaces::paintLabels(
    QPainter& painter, const QStringList& maxima, int chosenLayer, const Style& style) const
{
    const double line = 1.5 * style.smallTextSize;
    const QFont font = style.smallFont();
    const auto every = [](double needed, double pitch) {
        return std::max(1, static_cast<int>(std::ceil(needed / pitch)));
    };
    const int column = every(widthOf(tr("L%1").arg(88), style), step.width()),
              row = every(line, step.height());
    const auto name = [&](const QRectF& cell, bool isAbove, int index, const QString& text) {
        if (index % (isAbove ? column : row) != 0)
            return;
        if (isAbove)
            paintText(painter, {cell.left(), body.top(), column * step.width(), line},
                Qt::AlignLeft | Qt::AlignVCenter, text, font);
        else
            paintText(painter,
                {body.left(), cell.top(), cell.left() - body.left() - style.gap, cell.height()},
                Qt::AlignRight | Qt::AlignVCenter, text, font);
    };
    painter.setPen(style.faint);
    if (shape.hasMaxima)
        paintText(painter,
            across ? QRectF(body.left(), cells.bottom(), cells.left() - body.left() - style.gap, line)
                   : QRectF(cells.right() + style.gap / 2, body.top(), bar.left() - cells.right(), line),
            (across ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, tr("max"), font);
    for (int head = 0; head < shape.heads; ++head)
        name(of(0, head), !across, head, tr("H%1").arg(head));
    for (int layer = 0; layer < shape.layers; ++layer) {
        painter.setPen(layer == chosenLayer ? style.ink : style.faint);
        name(of(layer, 0), across, layer, tr("L%1").arg(layer));
        if (shape.hasMaxima)
            paintMaximum(painter, of(layer, 0), maxima[layer], style);
    }
}

void HeadGridPlaces::paintMaximum(
    QPainter& painter, const QRectF& cell, const QString& text, const Style& style) const
{
    const QFont font = style.smallFont();
    const double room = maximaRoom(shape, across, step.width(), style);
    const QRectF below(cell.left(), cells.bottom(), step.width() - gap, room);
    if (!across)
        paintText(painter,
            {cells.right() + style.gap / 2, cell.top(), bar.left() - cells.right(), cell.height()},
            Qt::AlignLeft | Qt::AlignVCenter, text, font);
    else if (step.width() < widthOf(QStringLiteral("0.0000"), style))
        paintTextUpwards(painter, below, Qt::AlignRight | Qt::AlignVCenter, text, font);
    else
        paintText(painter, below, Qt::AlignLeft | Qt::AlignVCenter, text, font);
}

}
