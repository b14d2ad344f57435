// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/media_icons.h"

#include <QPainter>
#include <QPainterPath>
#include <QWidget>

namespace fovea {

namespace {

constexpr int iconSide = 16;

/// A triangle that points to the right, from x to x + width.
QPolygonF triangle(double x, double width) { return QPolygonF{{x, 3}, {x + width, 8}, {x, 13}}; }

/// A loop with an arrow head at its right.
void drawLoop(QPainter& painter)
{
    painter.setBrush(Qt::NoBrush);
    painter.drawArc(QRectF(3, 4, 10, 9), 60 * 16, 280 * 16);
    painter.setBrush(painter.pen().color());
    painter.setPen(Qt::NoPen);
    painter.drawPolygon(QPolygonF{{9, 1.5}, {14, 4.5}, {9, 7.5}});
}

void drawArrows(QPainter& painter, bool bothWays)
{
    painter.drawLine(QPointF(3, 8), QPointF(13, 8));
    painter.drawPolygon(QPolygonF{{10, 5}, {14, 8}, {10, 11}});
    if (bothWays)
        painter.drawPolygon(QPolygonF{{6, 5}, {2, 8}, {6, 11}});
}

void draw(QPainter& painter, MediaSign sign)
{
    switch (sign) {
    case MediaSign::Play:
        painter.drawPolygon(triangle(4, 9));
        return;
    case MediaSign::Pause:
        painter.drawRect(QRectF(4, 3, 2.5, 10));
        painter.drawRect(QRectF(9.5, 3, 2.5, 10));
        return;
    case MediaSign::Back:
    case MediaSign::First:
        painter.translate(iconSide, 0);
        painter.scale(-1, 1);
        [[fallthrough]];
    case MediaSign::Forward:
    case MediaSign::Last:
        painter.drawPolygon(triangle(3.5, 7));
        painter.drawRect(QRectF(11.5, 3, sign == MediaSign::First || sign == MediaSign::Last ? 1.5 : 0, 10));
        return;
    case MediaSign::Around:
        return drawLoop(painter);
    case MediaSign::Once:
    case MediaSign::BackAndForth:
        return drawArrows(painter, sign == MediaSign::BackAndForth);
    }
}

}

QIcon mediaIcon(MediaSign sign, const QWidget& widget)
{
    const double ratio = widget.devicePixelRatioF();
    QIcon icon;
    for (const auto& [mode, group] :
        {std::pair(QIcon::Normal, QPalette::Active), std::pair(QIcon::Disabled, QPalette::Disabled)}) {
        QPixmap pixmap(qRound(iconSide * ratio), qRound(iconSide * ratio));
        pixmap.setDevicePixelRatio(ratio);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        const QColor ink = widget.palette().color(group, QPalette::ButtonText);
        painter.setPen(QPen(ink, 1, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.setBrush(ink);
        draw(painter, sign);
        painter.end();
        icon.addPixmap(pixmap, mode);
    }
    return icon;
}

}
