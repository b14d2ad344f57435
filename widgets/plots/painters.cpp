// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/painters.h"

#include <QCoreApplication>
#include <QPolygonF>

#include <algorithm>
#include <cmath>

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

/// A triangle on top of (upwards) or below a bar, in the colour of that end.
void paintArrow(QPainter& painter, const QRectF& bar, bool upwards, QRgb color)
{
    const double base = upwards ? bar.top() : bar.bottom(), height = bar.width() * 0.6;
    QPolygonF arrow;
    arrow << QPointF(bar.left(), base) << QPointF(bar.right(), base)
          << QPointF(bar.center().x(), upwards ? base - height : base + height);
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

/// Without transparent cells: PDF, SVG and the screen shall show one opaque image.
QImage onGround(const QImage& cells, const QColor& ground)
{
    if (!cells.hasAlphaChannel())
        return cells;
    QImage image = cells.convertToFormat(QImage::Format_ARGB32);
    for (int y = 0; y < image.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        std::replace_if(
            line, line + image.width(), [](QRgb color) { return qAlpha(color) == 0; }, ground.rgb());
    }
    image.reinterpretAsFormat(QImage::Format_RGB32);
    return image;
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

}

void paintMap(QPainter& painter, const QRectF& rect, const QImage& map, const Style& style)
{
    if (map.isNull() || rect.isEmpty())
        return;
    const QImage cells = onGround(map, style.grid);
    if (style.mapDpi > 0) {
        const auto factor = [&](double length, int pixels) {
            return std::max(
                1, static_cast<int>(std::ceil(length / style.unitsPerInch * style.mapDpi / pixels)));
        };
        painter.drawImage(rect,
            magnified(cells, factor(rect.width(), cells.width()), factor(rect.height(), cells.height())));
        return;
    }
    const QSize device = painter.deviceTransform().mapRect(rect).size().toSize().expandedTo(QSize(1, 1));
    const QSize kept = device.boundedTo(cells.size());
    painter.save();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(rect,
        kept == cells.size() ? cells : cells.scaled(kept, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
    painter.restore();
}

QImage magnified(const QImage& cells, int across, int down)
{
    if (across == 1 && down == 1)
        return cells;
    const QImage source = cells.convertToFormat(QImage::Format_RGB32);
    QImage result(source.width() * across, source.height() * down, QImage::Format_RGB32);
    for (int y = 0; y < source.height(); ++y) {
        const auto* from = reinterpret_cast<const QRgb*>(source.constScanLine(y));
        auto* first = reinterpret_cast<QRgb*>(result.scanLine(y * down));
        for (int x = 0; x < result.width(); ++x)
            first[x] = from[x / across];
        for (int copy = 1; copy < down; ++copy)
            std::copy_n(first, result.width(), reinterpret_cast<QRgb*>(result.scanLine(y * down + copy)));
    }
    return result;
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
        paintArrow(painter, bar, true, (*scale.colors)[ColorMap::size - 1]);
    if (below)
        paintArrow(painter, bar, false, (*scale.colors)[0]);
    paintBarTicks(painter, bar, scale, style);
    const double left
        = bar.right() + style.tickLength + 1.5 * style.gap + tickRoom(scale, bar.height(), style);
    paintTextUpwards(painter, QRectF(left, rect.top(), style.textSize, rect.height()),
        Qt::AlignHCenter | Qt::AlignVCenter, scale.label(), style.textFont());
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

void paintOutline(QPainter& painter, const QRectF& rect, const Style& style, Qt::PenStyle dash)
{
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(Qt::white, 2.2 * style.lineWidth));
    painter.drawRect(rect);
    painter.setPen(
        QPen(dash == Qt::SolidLine ? style.accent : QColor(Qt::black), 1.2 * style.lineWidth, dash));
    painter.drawRect(rect);
}

void paintCross(QPainter& painter, const QRectF& rect, const Style& style)
{
    const double in = 0.12 * rect.width();
    const QRectF box = rect.adjusted(in, in, -in, -in);
    for (const auto& [color, width] :
        {std::pair(QColor(Qt::white), 2.4), std::pair(QColor(Qt::black), 1.0)}) {
        painter.setPen(QPen(color, width * style.lineWidth, Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(box.topLeft(), box.bottomRight());
        painter.drawLine(box.topRight(), box.bottomLeft());
    }
}

}
