// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/text.h"

#include <QFontMetricsF>
#include <QGuiApplication>
#include <QHash>

#include <algorithm>

namespace fovea {

namespace {

constexpr int measuredAt = 1024; // pixels: large enough for unhinted, linear metrics

QFontMetricsF linearMetrics(QFont font)
{
    font.setPixelSize(measuredAt);
    return QFontMetricsF(font);
}

double unitsOf(const QFont& font, double unitsPerInch)
{
    return font.pointSizeF() * unitsPerInch / 72 / measuredAt;
}

/// What views ask for at every paint, measured once.
class Measures {
public:
    static Measures& instance()
    {
        static Measures measures;
        return measures;
    }

    double advance(const QString& text, const QFont& font)
    {
        const auto key = std::pair(font, text);
        if (const auto known = advances_.constFind(key); known != advances_.cend())
            return *known;
        if (advances_.size() == mostTexts)
            advances_.clear();
        return advances_[key] = linearMetrics(font).horizontalAdvance(text);
    }

    double capHeight(const QFont& font)
    {
        if (const auto known = capHeights_.constFind(font); known != capHeights_.cend())
            return *known;
        return capHeights_[font] = linearMetrics(font).capHeight();
    }

private:
    Measures()
    {
        QObject::connect(qGuiApp, &QGuiApplication::fontDatabaseChanged, [this] {
            advances_.clear();
            capHeights_.clear();
        });
    }

    static constexpr qsizetype mostTexts = 10000;
    QHash<std::pair<QFont, QString>, double> advances_;
    QHash<QFont, double> capHeights_;
};

QString elided(const QString& text, const QFont& font, double width, double unitsPerInch)
{
    const double most = width / unitsOf(font, unitsPerInch);
    return Measures::instance().advance(text, font) <= most * (1 + 1e-9)
        ? text
        : linearMetrics(font).elidedText(text, Qt::ElideRight, most);
}

}

void paintText(
    QPainter& painter, const QRectF& rect, Qt::Alignment alignment, const QString& text, const QFont& font)
{
    const double unitsPerInch = painter.device()->logicalDpiY();
    const QString shown = elided(text, font, rect.width(), unitsPerInch);
    const double spare = rect.width() - textWidth(shown, font, unitsPerInch);
    const double cap = capHeight(font, unitsPerInch);
    const double x = alignment & Qt::AlignRight ? spare : alignment & Qt::AlignHCenter ? spare / 2 : 0;
    const double baseline = alignment & Qt::AlignTop ? cap
        : alignment & Qt::AlignBottom                ? rect.height()
                                                     : (rect.height() + cap) / 2;
    painter.setFont(font);
    painter.drawText(rect.topLeft() + QPointF(x, baseline), shown);
}

void paintTextUpwards(
    QPainter& painter, const QRectF& rect, Qt::Alignment alignment, const QString& text, const QFont& font)
{
    painter.save();
    painter.translate(rect.bottomLeft());
    painter.rotate(-90);
    paintText(painter, QRectF(0, 0, rect.height(), rect.width()), alignment, text, font);
    painter.restore();
}

double textWidth(const QString& text, const QFont& font, double unitsPerInch)
{
    return Measures::instance().advance(text, font) * unitsOf(font, unitsPerInch);
}

double widestTick(const std::vector<Tick>& ticks, const Style& style)
{
    double width = 0;
    for (const Tick& tick : ticks)
        width = std::max(width, textWidth(tick.text, style.smallFont(), style.unitsPerInch));
    return width;
}

double capHeight(const QFont& font, double unitsPerInch)
{
    return Measures::instance().capHeight(font) * unitsOf(font, unitsPerInch);
}

}
