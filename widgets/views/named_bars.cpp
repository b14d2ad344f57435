// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/named_bars.h"

#include "widgets/plots/text.h"
#include "widgets/plots/value_scale.h"
#include "widgets/views/reading.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

QString numberOf(double value)
{
    return std::isfinite(value) ? readingText(value, 3)
                                : QCoreApplication::translate("NamedBars", "no number");
}

}

std::vector<NamedValue> largestFirst(const QStringList& names, std::span<const double> values)
{
    std::vector<NamedValue> sorted;
    for (std::size_t i = 0; i < values.size(); ++i)
        sorted.push_back({names[static_cast<qsizetype>(i)], values[i]});
    std::ranges::stable_sort(sorted, [](const NamedValue& a, const NamedValue& b) {
        return std::isfinite(a.value) && (!std::isfinite(b.value) || a.value > b.value);
    });
    return sorted;
}

double namedBarsPitch(const Style& style) { return 1.8 * style.textSize; }

int namedBarsShown(double height, std::size_t count, const Style& style)
{
    const auto most = static_cast<int>(std::min<std::size_t>(count, 100000));
    return std::clamp(static_cast<int>((height + 0.5) / namedBarsPitch(style)), 1, std::max(1, most));
}

void paintNamedBars(
    QPainter& painter, const QRectF& body, std::span<const NamedValue> values, const Style& style)
{
    const auto shown
        = values.first(static_cast<std::size_t>(namedBarsShown(body.height(), values.size(), style)));
    ValueRange range;
    range.include(0);
    double names = 0, numbers = 0;
    for (const auto& [name, value] : shown) {
        range.include(value);
        names = std::max(names, textWidth(name, style.textFont(), style.unitsPerInch));
        numbers = std::max(numbers, textWidth(numberOf(value), style.smallFont(), style.unitsPerInch));
    }
    names = std::min(names, 0.4 * body.width());
    const double left = body.left() + names + 2 * style.gap, pitch = namedBarsPitch(style),
                 room = std::max(1.0, body.right() - numbers - 2 * style.gap - left),
                 extent = range.max > range.min ? range.max - range.min : 1;
    const auto at = [&](double value) { return left + (value - range.min) / extent * room; };
    double top = body.top();
    for (const auto& [name, value] : shown) {
        const QRectF row(body.left(), top, body.width(), pitch);
        painter.setPen(style.ink);
        paintText(painter, {row.left(), top, names, pitch}, Qt::AlignLeft | Qt::AlignVCenter, name,
            style.textFont());
        paintText(painter, row, Qt::AlignRight | Qt::AlignVCenter, numberOf(value), style.smallFont());
        if (std::isfinite(value))
            painter.fillRect(
                QRectF(QPointF(at(0), top + 0.2 * pitch), QPointF(at(value), top + 0.8 * pitch)).normalized(),
                style.accent);
        top += pitch;
    }
    painter.setPen(QPen(style.ink, style.axisWidth));
    painter.drawLine(QPointF(at(0), body.top()), QPointF(at(0), top));
}

}
