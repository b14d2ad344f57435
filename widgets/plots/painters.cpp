// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/painters.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

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
