// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/head_grid_places.h"

#include "widgets/plots/painters.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

double widthOf(const char* text, const Style& style)
{
    return textWidth(QString::fromLatin1(text), style.smallFont(), style.unitsPerInch) + style.gap;
}

}

HeadGridPlaces HeadGridPlaces::fitted(const HeadGridPlaces& start, const QSizeF& bar, const Style& style)
{
    HeadGridPlaces places = start;
    const bool across = start.across;
    const double aspect = start.shape.aspect, line = 1.6 * style.smallTextSize;
    const double maximum = start.shape.hasMaxima && !across ? widthOf("0.0000", style) : 0;
    const QRectF room = start.body.adjusted(
        widthOf("max", style), line, -(bar.width() + maximum), start.shape.hasMaxima && across ? -line : 0);
    const int rows = across ? start.shape.heads : start.shape.layers;
    const int columns = across ? start.shape.layers : start.shape.heads;
    const double width = std::max(1.0, std::min(room.width() / columns, room.height() / rows / aspect));
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
    const QSizeF bar(colorBarWidth(widest, body.height(), style) + style.gap, 12 * style.textSize);
    const HeadGridPlaces down = fitted(start, bar, style);
    start.across = true;
    const HeadGridPlaces across = fitted(start, bar, style);
    return across.step.width() > 1.15 * down.step.width() ? across : down;
}

double HeadGridPlaces::heightFor(double width, const HeadGridShape& shape, const Style& style)
{
    const auto [few, many] = std::minmax({shape.layers, shape.heads}); // the longer side lies across
    const double room = width - 9 * style.textSize;
    const double least = 12 * style.textSize; // of the colour bar with its label
    return std::max(least, room * shape.aspect * few / std::max(1, many)) + 7 * style.textSize;
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
    const auto above = [&](const QRectF& cell, const QString& text) {
        if (step.width() > 2.2 * style.smallTextSize)
            paintText(painter, {cell.left(), body.top(), step.width(), line},
                Qt::AlignLeft | Qt::AlignVCenter, text, font);
    };
    const auto beside = [&](const QRectF& cell, const QString& text) {
        paintText(painter, {body.left(), cell.top(), cell.left() - body.left() - style.gap, cell.height()},
            Qt::AlignRight | Qt::AlignVCenter, text, font);
    };
    painter.setPen(style.faint);
    if (shape.hasMaxima)
        paintText(painter,
            across ? QRectF(body.left(), cells.bottom(), cells.left() - body.left() - style.gap, line)
                   : QRectF(cells.right() + style.gap / 2, body.top(), bar.left() - cells.right(), line),
            (across ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, QStringLiteral("max"), font);
    for (int head = 0; head < shape.heads; ++head)
        across ? beside(of(0, head), QStringLiteral("H%1").arg(head))
               : above(of(0, head), QStringLiteral("H%1").arg(head));
    for (int layer = 0; layer < shape.layers; ++layer) {
        const QRectF cell = of(layer, 0);
        painter.setPen(layer == chosenLayer ? style.ink : style.faint);
        across ? above(cell, QStringLiteral("L%1").arg(layer))
               : beside(cell, QStringLiteral("L%1").arg(layer));
        if (!shape.hasMaxima)
            continue;
        const QRectF place = across
            ? QRectF(cell.left(), cells.bottom(), step.width(), line)
            : QRectF(cells.right() + style.gap / 2, cell.top(), bar.left() - cells.right(), cell.height());
        paintText(painter, place, Qt::AlignLeft | Qt::AlignVCenter, maxima[layer], font);
    }
}

}
