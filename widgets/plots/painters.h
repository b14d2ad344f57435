// The painters that windows and figures share: maps, colour bars, text. They know no widget and no file.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/style.h"
#include "widgets/plots/ticks.h"
#include "widgets/plots/value_scale.h"

#include <QPainter>
#include <QRectF>

namespace fovea {

/// Each pixel of `cells` drawn as one rectangle without smoothing; a transparent one shows style.grid. A
/// figure keeps the whole map as one lossless image, magnified by whole numbers (Style::mapDpi); where a
/// screen has fewer pixels than cells it shows their mean colour.
void paintMap(QPainter& painter, const QRectF& rect, const QImage& cells, const Style& style);

/// `cells` with every pixel repeated `across` x `down` times.
QImage magnified(const QImage& cells, int across, int down);

/// A vertical colour bar along the left side of `rect`: round numbers, the quantity with its unit, an arrow
/// at each end beyond which values are clipped. A flat scale is one colour and its value. Where the data have
/// gaps, a legend below names their colour.
void paintColorBar(QPainter& painter, const QRectF& rect, const ValueScale& scale, const Style& style);
/// The width that paintColorBar needs for a bar of that height.
double colorBarWidth(const ValueScale& scale, double height, const Style& style);

/// A rectangle that stands out on any colour: in white and, within, the accent (dashes: black).
void paintOutline(
    QPainter& painter, const QRectF& rect, const Style& style, Qt::PenStyle dash = Qt::SolidLine);

/// Two lines from corner to corner, to be seen on light and dark: what is there was changed.
void paintCross(QPainter& painter, const QRectF& rect, const Style& style);

/// One line of text in `rect`, shortened with an ellipsis when it does not fit; vertically its capitals are
/// centred, or stand at the top or bottom. Uses the painter's pen.
void paintText(
    QPainter& painter, const QRectF& rect, Qt::Alignment alignment, const QString& text, const QFont& font);
/// The same, to be read from bottom to top.
void paintTextUpwards(
    QPainter& painter, const QRectF& rect, Qt::Alignment alignment, const QString& text, const QFont& font);

/// Extents of text in the units of a painter whose device has `unitsPerInch` (Style::unitsPerInch), unhinted:
/// the same on every device.
double textWidth(const QString& text, const QFont& font, double unitsPerInch);
double widestTick(const std::vector<Tick>& ticks, const Style& style);
double capHeight(const QFont& font, double unitsPerInch);

}
