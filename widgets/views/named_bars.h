// Named values as lying bars, the largest on top: scores of classes. Draws and orders; it is no widget.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/style.h"

#include <QPainter>
#include <QRectF>
#include <QStringList>

#include <span>
#include <vector>

namespace fovea {

struct NamedValue {
    QString name;
    double value = 0;
};

/// The largest first; what is no number last. One name for each value.
std::vector<NamedValue> largestFirst(const QStringList& names, std::span<const double> values);

/// The height of a row, and how many of `count` rows a body of that height shows: one at least.
double namedBarsPitch(const Style& style);
int namedBarsShown(double height, std::size_t count, const Style& style);

/// A row for each value, as many as have room: its name, a bar from zero, the number.
void paintNamedBars(
    QPainter& painter, const QRectF& body, std::span<const NamedValue> values, const Style& style);

}
