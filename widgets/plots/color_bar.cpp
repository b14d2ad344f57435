// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/color_bar.h"

#include "widgets/plots/painters.h"
#include "widgets/plots/ticks.h"

#include <QCoreApplication>
#include <QPolygonF>
#include <QTransform>

#include <algorithm>

namespace fovea {

namespace {

double barWidth(const Style& style) { return style.textSize; }

std::vector<Tick> barTicks(const ValueScale& scale, double height, const Style& style)
{
    AxisSpec axis;
    axis.min = scale.min;
    axis.max = scale.max;
    axis.whole = scale.whole;
    axis.logarithmic = scale.logarithmic && scale.min > 0;
    return ticksOf(axis, std::clamp(static_cast<int>(height / (style.smallTextSize * 2)), 2, 5));
}

/// The room beside a bar for its numbers: never less than three decimals take, so that a plot stays where it
/// is while its values change.
double tickRoom(const ValueScale& scale, double height, const Style& style)
{
    return std::max(widestTick(barTicks(scale, height, style), style),
        textWidth(QStringLiteral("0.000"), style.smallFont(), style.unitsPerInch));
}

/// A triangle at an end of a bar, in the colour of that end.
void paintArrow(QPainter& painter, const QRectF& bar, Qt::Edge end, QRgb color)
{
    const bool stands = end == Qt::TopEdge || end == Qt::BottomEdge;
    const double height = (stands ? bar.width() : bar.height()) * 0.6;
    const QPointF from = end == Qt::BottomEdge ? bar.bottomLeft()
        : end == Qt::RightEdge                 ? bar.topRight()
                                               : bar.topLeft(),
                  to = from + (stands ? QPointF(bar.width(), 0) : QPointF(0, bar.height()));
    const double way = end == Qt::TopEdge || end == Qt::LeftEdge ? -height : height;
    QPolygonF arrow;
    arrow << from << to << (from + to) / 2 + (stands ? QPointF(0, way) : QPointF(way, 0));
    painter.setBrush(QColor(color));
    painter.drawPolygon(arrow);
    painter.setBrush(Qt::NoBrush);
}

QImage barImage(const ColorMap& colors)
{
    QImage image(1, ColorMap::size, QImage::Format_RGB32);
    for (int i = 0; i < ColorMap::size; ++i)
        image.setPixel(0, ColorMap::size - 1 - i, colors[i]);
    return image;
}

QImage barCells(const ValueScale& scale)
{
    if (!scale.isFlat())
        return barImage(*scale.colors);
    QImage image(1, 1, QImage::Format_RGB32);
    image.fill(scale.color(scale.min));
    return image;
}

QString gapText() { return QCoreApplication::translate("ColorBar", "no number"); }

/// The room below a bar that says which colour stands for no number.
double legendHeight(const ValueScale& scale, const Style& style)
{
    return scale.data.hasGaps ? barWidth(style) + 2 * style.gap : 0;
}

void paintLegend(QPainter& painter, const QRectF& square, const Style& style)
{
    painter.fillRect(square, QColor(ColorMap::missing));
    painter.drawRect(square);
    const double width = textWidth(gapText(), style.smallFont(), style.unitsPerInch);
    paintText(painter, {square.right() + style.gap, square.top(), width, square.height()},
        Qt::AlignLeft | Qt::AlignVCenter, gapText(), style.smallFont());
}

void paintBarTicks(QPainter& painter, const QRectF& bar, const ValueScale& scale, const Style& style)
{
    for (const Tick& tick : barTicks(scale, bar.height(), style)) {
        const double position = scale.isFlat() ? 0.5 : scale.position(tick.value);
        const double y = bar.bottom() - position * bar.height();
        painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + style.tickLength, y));
        const QRectF box(bar.right() + style.tickLength + style.gap / 2, y - style.textSize,
            painter.device()->width(), 2 * style.textSize);
        paintText(painter, box, Qt::AlignLeft | Qt::AlignVCenter, tick.text, style.smallFont());
    }
}

double lineHeight(const Style& style) { return style.smallTextSize + style.gap / 2; }

/// As many as can be told apart along the bar, two at least. A narrow bar has its two ends; where they have
/// no room one number for both if they lie as far from zero, else none: one says nothing of a scale.
std::vector<Tick> lyingTicks(const ValueScale& scale, double width, const Style& style)
{
    const std::size_t least = scale.isFlat() ? 1 : 2;
    const auto fits = [&](const std::vector<Tick>& ticks, double between) {
        return ticks.size() >= least
            && static_cast<double>(ticks.size()) * (widestTick(ticks, style) + between) <= width;
    };
    for (int most = 5; most >= 2; --most)
        if (auto ticks = barTicks(scale, most * 2 * style.smallTextSize, style);
            fits(ticks, style.smallTextSize))
            return ticks;
    std::vector<Tick> ends{{scale.min, numberText(scale.min, 2)}, {scale.max, numberText(scale.max, 2)}};
    if (ends[0].text != ends[1].text && fits(ends, style.gap / 2))
        return ends;
    const bool isBothWays = scale.colors->kind() == ColorMap::Kind::Diverging && scale.min == -scale.max;
    const Tick both{scale.max, QStringLiteral("±") + ends[1].text};
    return isBothWays && widestTick({both}, style) <= width ? std::vector{both} : std::vector<Tick>();
}

/// The outer ones within the bar's room.
void paintLyingTicks(QPainter& painter, const QRectF& bar, const ValueScale& scale, const Style& style)
{
    for (const Tick& tick : lyingTicks(scale, bar.width(), style)) {
        const double x = bar.left() + (scale.isFlat() ? 0.5 : scale.position(tick.value)) * bar.width();
        painter.drawLine(QPointF(x, bar.bottom()), QPointF(x, bar.bottom() + style.tickLength));
        const double width = textWidth(tick.text, style.smallFont(), style.unitsPerInch);
        const double left = std::clamp(x - width / 2, bar.left(), std::max(bar.left(), bar.right() - width));
        paintText(painter, {left, bar.bottom() + style.tickLength, width, lineHeight(style)},
            Qt::AlignLeft | Qt::AlignBottom, tick.text, style.smallFont());
    }
}

}

void paintColorBar(QPainter& painter, const QRectF& all, const ValueScale& scale, const Style& style)
{
    const QRectF rect = all.adjusted(0, 0, 0, -legendHeight(scale, style));
    const bool below = scale.data.min<scale.min, above = scale.data.max> scale.max;
    const double arrow = barWidth(style) * 0.6;
    const QRectF bar(rect.left(), rect.top() + (above ? arrow : 0), barWidth(style),
        rect.height() - (above ? arrow : 0) - (below ? arrow : 0));
    painter.save();
    paintMap(painter, bar, barCells(scale), style);
    painter.setPen(QPen(style.ink, style.axisWidth));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(bar);
    if (above)
        paintArrow(painter, bar, Qt::TopEdge, (*scale.colors)[ColorMap::size - 1]);
    if (below)
        paintArrow(painter, bar, Qt::BottomEdge, (*scale.colors)[0]);
    paintBarTicks(painter, bar, scale, style);
    const double left
        = bar.right() + style.tickLength + 1.5 * style.gap + tickRoom(scale, bar.height(), style);
    const bool fits = textWidth(scale.label(), style.textFont(), style.unitsPerInch) <= rect.height();
    paintTextUpwards(painter, QRectF(left, rect.top(), style.textSize, rect.height()),
        Qt::AlignHCenter | Qt::AlignVCenter, scale.label(), fits ? style.textFont() : style.smallFont());
    if (scale.data.hasGaps)
        paintLegend(
            painter, {all.left(), all.bottom() - barWidth(style), barWidth(style), barWidth(style)}, style);
    painter.restore();
}

double colorBarWidth(const ValueScale& scale, double height, const Style& style)
{
    const double bar = barWidth(style) + style.tickLength + 1.5 * style.gap + tickRoom(scale, height, style)
        + (scale.label().isEmpty() ? 0 : style.textSize);
    const double legend
        = barWidth(style) + style.gap + textWidth(gapText(), style.smallFont(), style.unitsPerInch);
    return scale.data.hasGaps ? std::max(bar, legend) : bar;
}

double lyingBarHeight(const ValueScale& scale, const Style& style)
{
    return barWidth(style) + style.tickLength + lineHeight(style)
        + (scale.label().isEmpty() ? 0 : style.textSize + style.gap) + legendHeight(scale, style);
}

void paintLyingBar(QPainter& painter, const QRectF& rect, const ValueScale& scale, const Style& style)
{
    const bool below = scale.data.min<scale.min, above = scale.data.max> scale.max;
    const double height = barWidth(style), arrow = height * 0.6;
    const QRectF bar(rect.left() + (below ? arrow : 0), rect.top(),
        rect.width() - (above ? arrow : 0) - (below ? arrow : 0), height);
    painter.save();
    paintMap(painter, bar, barCells(scale).transformed(QTransform().rotate(90)), style);
    painter.setPen(QPen(style.ink, style.axisWidth));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(bar);
    if (above)
        paintArrow(painter, bar, Qt::RightEdge, (*scale.colors)[ColorMap::size - 1]);
    if (below)
        paintArrow(painter, bar, Qt::LeftEdge, (*scale.colors)[0]);
    paintLyingTicks(painter, bar, scale, style);
    const double top = bar.bottom() + style.tickLength + lineHeight(style) + style.gap;
    const double label = textWidth(scale.label(), style.textFont(), style.unitsPerInch);
    paintText(painter, {rect.center().x() - label / 2, top, label, style.textSize},
        Qt::AlignLeft | Qt::AlignTop, scale.label(), style.textFont()); // whole below a short bar too
    if (scale.data.hasGaps)
        paintLegend(painter, {rect.left(), rect.bottom() - height, height, height}, style);
    painter.restore();
}

ColorBarRoom ColorBarRoom::in(const QRectF& rect, const ValueScale& scale, const Style& style)
{
    const bool below = isNarrow(rect.width(), style);
    return {below, below ? lyingBarHeight(scale, style) : colorBarWidth(scale, rect.height(), style),
        below ? 2 * style.gap : style.gap};
}

QRectF ColorBarRoom::rest(const QRectF& rect) const
{
    return isBelow ? rect.adjusted(0, 0, 0, -extent - space) : rect.adjusted(0, 0, -extent - space, 0);
}

QRectF ColorBarRoom::along(const QRectF& map, const QRectF& rect) const
{
    return isBelow ? QRectF(map.left(), rect.bottom() - extent, map.width(), extent)
                   : QRectF(map.right() + space, map.top(), extent, map.height());
}

void ColorBarRoom::paint(QPainter& painter, const QRectF& map, const QRectF& rect, const ValueScale& scale,
    const Style& style) const
{
    (isBelow ? paintLyingBar : paintColorBar)(painter, along(map, rect), scale, style);
}

}
