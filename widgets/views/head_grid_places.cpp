// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/head_grid_places.h"

#include "widgets/plots/color_bar.h"
#include "widgets/plots/painters.h"
#include "widgets/views/reading.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

double widthOf(const QString& text, const Style& style)
{
    return textWidth(text, style.smallFont(), style.unitsPerInch) + style.gap;
}

/// The height of a colour bar that holds its label.
double leastBar(const Style& style) { return 12 * style.textSize; }

constexpr int mostBands = 4;

/// Whether a name has room where only every `pitch`-th has: the first of a group before the others.
bool hasNameRoom(int index, int group, int pitch)
{
    if (group < pitch)
        return index % ((pitch + group - 1) / group * group) == 0;
    const int within = index % group;
    return within % pitch == 0 && (within == 0 || group - within >= pitch);
}

}

QMarginsF HeadGridPlaces::margins(
    const HeadGridShape& shape, bool across, const ColorBarRoom& bar, const Style& style)
{
    const double line = 1.6 * style.smallTextSize, room = bar.extent + bar.space,
                 maximum = shape.hasMaxima && !across ? widthOf(QStringLiteral("0.0000"), style) : 0;
    return {widthOf(tr("max"), style), line, (bar.isBelow ? 0 : room) + maximum, bar.isBelow ? room : 0};
}

double HeadGridPlaces::maximaRoom(const HeadGridShape& shape, bool across, double step, const Style& style)
{
    if (!across || !shape.hasMaxima)
        return 0;
    const double text
        = widthOf(QStringLiteral("0.0000"), style); // too long for a thumbnail it stands upright
    return step < text ? text : 1.6 * style.smallTextSize;
}

HeadGridPlaces HeadGridPlaces::fitted(
    const HeadGridPlaces& start, const ColorBarRoom& bar, const Style& style)
{
    HeadGridPlaces places = start;
    const bool across = start.across;
    const double aspect = start.shape.aspect;
    const QMarginsF around = margins(start.shape, across, bar, style);
    const double maximum = start.shape.hasMaxima && !across ? widthOf(QStringLiteral("0.0000"), style) : 0;
    const QRectF room = start.body.marginsRemoved(around);
    const int heads = start.shape.heads, layers = places.layersInBand(), further = start.bands - 1;
    const int rows = across ? heads * start.bands : layers, columns = across ? layers : heads * start.bands;
    const double between = maximum + style.gap + around.left(); // of bands side by side
    const double wide = room.width() - (across ? 0 : further * between);
    double width = wide / columns, below = 0;
    for (int pass = 0; pass < 2; ++pass) { // what stands below takes from the height, and so from the width
        below = maximaRoom(start.shape, across, width, style);
        const double height = room.height() - (across ? start.bands * below + further * around.top() : below);
        width = std::max(1.0, std::min(wide / columns, height / rows / aspect));
    }
    places.step = {width, width * aspect};
    places.gap = std::min(style.gap / 2, width * 0.12);
    places.bandStep = across ? QPointF(0, heads * width * aspect + below + around.top())
                             : QPointF(heads * width + between, 0);
    const QSizeF band(across ? layers * width : heads * width, (across ? heads : layers) * width * aspect);
    places.cells = QRectF(room.topLeft(), band).united({room.topLeft() + further * places.bandStep, band});
    places.maximaWidth = maximum;
    places.barIsBelow = bar.isBelow;
    const QRectF shown = places.cells.adjusted(0, 0, -places.gap, -places.gap);
    places.bar = bar.isBelow
        ? QRectF(shown.left(), places.cells.bottom() + below + bar.space, shown.width(), bar.extent)
        : QRectF(places.cells.right() + maximum + bar.space, shown.top(), bar.extent,
            std::max(shown.height(), leastBar(style)));
    return places;
}

HeadGridPlaces HeadGridPlaces::within(
    const QRectF& body, const HeadGridShape& shape, const ValueScale& widest, const Style& style)
{
    HeadGridPlaces start;
    start.shape = shape;
    start.body = body;
    const auto bar = ColorBarRoom::in(body, widest, style);
    HeadGridPlaces best = fitted(start, bar, style);
    for (start.bands = 1; start.bands <= std::min(mostBands, shape.layers); ++start.bands)
        for (const bool across : {false, true}) {
            start.across = across;
            const HeadGridPlaces other = fitted(start, bar, style);
            const double worth = start.bands > best.bands ? 1.1 : 1.15; // or rather the order as it was
            if (other.step.width() > worth * best.step.width())
                best = other;
        }
    return best;
}

double HeadGridPlaces::heightFor(
    double width, const HeadGridShape& shape, const ValueScale& widest, const Style& style)
{
    const bool across = shape.layers > shape.heads;
    const auto [few, many] = std::minmax({shape.layers, shape.heads});
    const auto bar = ColorBarRoom::in({0, 0, width, width}, widest, style);
    const QMarginsF around = margins(shape, across, bar, style);
    const double step = (width - around.left() - around.right()) / std::max(1, many);
    return std::max(bar.isBelow ? 0 : leastBar(style), step * shape.aspect * few) + around.top()
        + around.bottom() + maximaRoom(shape, across, step, style);
}

QRectF HeadGridPlaces::bandOf(int layer) const
{
    const QPointF first = cells.topLeft() + layer / layersInBand() * bandStep;
    const int rows = across ? shape.heads : layersInBand(), columns = across ? layersInBand() : shape.heads;
    return {first, QSizeF(columns * step.width(), rows * step.height())};
}

QRectF HeadGridPlaces::of(int layer, int head) const
{
    const QPoint cell = cellOf(layer % layersInBand(), head);
    const QRectF band = bandOf(layer);
    return {band.left() + cell.x() * step.width(), band.top() + cell.y() * step.height(), step.width() - gap,
        step.height() - gap};
}

std::pair<int, int> HeadGridPlaces::at(QPointF point) const
{
    for (int band = 0; band < bands; ++band) {
        const QRectF there = bandOf(band * layersInBand());
        const QPointF way = point - there.topLeft();
        const auto [layer, head] = headOf({static_cast<int>(std::floor(way.x() / step.width())),
            static_cast<int>(std::floor(way.y() / step.height()))});
        if (there.contains(point))
            return {band * layersInBand() + layer, head};
    }
    return {-1, -1};
}

void HeadGridPlaces::paintLabels(
    QPainter& painter, const QStringList& maxima, int chosenLayer, const Style& style) const
{
    const double line = 1.5 * style.smallTextSize;
    const QFont font = style.smallFont();
    const auto every = [](double needed, double pitch) {
        return std::max(1, static_cast<int>(std::ceil(needed / pitch)));
    };
    const int column = every(widthOf(layerMark(88), style), step.width()), row = every(line, step.height());
    const double left = cells.left() - body.left(), above = cells.top() - body.top();
    const auto name = [&](const QRectF& cell, bool isAbove, bool isLayer, int index, const QString& text) {
        if (!hasNameRoom(index, isLayer ? shape.group : 1, isAbove ? column : row))
            return;
        if (isAbove)
            paintText(painter, {cell.left(), cell.top() - above, column * step.width(), line},
                Qt::AlignLeft | Qt::AlignVCenter, text, font);
        else
            paintText(painter, {cell.left() - left, cell.top(), left - style.gap, cell.height()},
                Qt::AlignRight | Qt::AlignVCenter, text, font);
    };
    for (int first = 0; first < shape.layers; first += layersInBand()) {
        const QRectF band = bandOf(first);
        painter.setPen(style.faint);
        if (shape.hasMaxima)
            paintText(painter,
                across ? QRectF(band.left() - left, band.bottom(), left - style.gap, line)
                       : QRectF(band.right() + style.gap / 2, band.top() - above, maximaWidth, line),
                (across ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, tr("max"), font);
        for (int head = 0; head < shape.heads; ++head)
            name(of(first, head), !across, false, head,
                shape.headNames.isEmpty() ? tr("H%1").arg(head) : shape.headNames[head]);
    }
    for (int layer = 0; layer < shape.layers; ++layer) {
        painter.setPen(layer == chosenLayer ? style.ink : style.faint);
        name(of(layer, 0), across, true, layer % layersInBand(), shape.layerNames.value(layer));
        if (shape.hasMaxima)
            paintMaximum(painter, layer, maxima[layer], style);
    }
}

void HeadGridPlaces::paintMaximum(QPainter& painter, int layer, const QString& text, const Style& style) const
{
    const QFont font = style.smallFont();
    const QRectF cell = of(layer, 0), band = bandOf(layer);
    const double room = maximaRoom(shape, across, step.width(), style);
    const QRectF below(cell.left(), band.bottom(), step.width() - gap, room);
    if (!across)
        paintText(painter, {band.right() + style.gap / 2, cell.top(), maximaWidth, cell.height()},
            Qt::AlignLeft | Qt::AlignVCenter, text, font);
    else if (step.width() < widthOf(QStringLiteral("0.0000"), style))
        paintTextUpwards(painter, below, Qt::AlignRight | Qt::AlignVCenter, text, font);
    else
        paintText(painter, below, Qt::AlignLeft | Qt::AlignVCenter, text, font);
}

}
