// The painters that windows and figures share: maps and marks on them. They know no widget and no file.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/text.h"
#include "widgets/plots/value_scale.h"

namespace fovea {

/// Each pixel of `cells` drawn as one rectangle without smoothing; a transparent one shows style.grid. A
/// figure keeps the whole map as one lossless image, magnified by whole numbers (Style::mapDpi); where a
/// screen has fewer pixels than cells it shows their mean colour.
void paintMap(QPainter& painter, const QRectF& rect, const QImage& cells, const Style& style);

/// `cells` with every pixel repeated `across` x `down` times.
QImage magnified(const QImage& cells, int across, int down);

/// A rectangle that stands out on any colour: in white and, within, the accent (dashes: black).
void paintOutline(
    QPainter& painter, const QRectF& rect, const Style& style, Qt::PenStyle dash = Qt::SolidLine);

/// Two lines from corner to corner, to be seen on light and dark: what is there was changed.
void paintCross(QPainter& painter, const QRectF& rect, const Style& style);

}
