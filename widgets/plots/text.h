// Lines of text, drawn and measured the same on screens and in figures. It lays out no paragraphs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/style.h"
#include "widgets/plots/ticks.h"

#include <QPainter>
#include <QRectF>

namespace fovea {

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
