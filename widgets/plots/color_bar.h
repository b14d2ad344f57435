// Colour bars: which colour is which value, beside a map or lying below it. They know no widget and no map.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/style.h"
#include "widgets/plots/value_scale.h"

#include <QPainter>
#include <QRectF>

namespace fovea {

/// A vertical colour bar along the left side of `rect`: round numbers, the quantity with its unit, an arrow
/// at each end beyond which values are clipped. A flat scale is one colour and its value. Where the data have
/// gaps, a legend below names their colour.
void paintColorBar(QPainter& painter, const QRectF& rect, const ValueScale& scale, const Style& style);
/// The width that paintColorBar needs for a bar of that height.
double colorBarWidth(const ValueScale& scale, double height, const Style& style);

/// The same along the top of `rect`, the numbers and the quantity below it.
void paintLyingBar(QPainter& painter, const QRectF& rect, const ValueScale& scale, const Style& style);
double lyingBarHeight(const ValueScale& scale, const Style& style);

/// Where the colour bar of a map goes: beside it, or below where it would take a third of a narrow figure.
struct ColorBarRoom {
    bool isBelow = false;
    double extent = 0; ///< the bar's width beside, its height below
    double space = 0; ///< between it and the map

    static ColorBarRoom in(const QRectF& rect, const ValueScale& scale, const Style& style);
    static bool isNarrow(double width, const Style& style) { return width < 24 * style.textSize; }
    /// What is left for the map and its axes.
    QRectF rest(const QRectF& rect) const;
    /// The bar's own room once it is known where in `rect` the map lies.
    QRectF along(const QRectF& map, const QRectF& rect) const;
    void paint(QPainter& painter, const QRectF& map, const QRectF& rect, const ValueScale& scale,
        const Style& style) const;
};

}
