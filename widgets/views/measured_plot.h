// The table of dots that a relevance study becomes: a row for each method, a column for each measure. It
// computes nothing and knows no session.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/style.h"
#include "widgets/plots/ticks.h"
#include "widgets/views/cell_table.h"

#include <QPainter>

#include <cmath>
#include <optional>
#include <vector>

namespace fovea {

/// One number with its interval, as a dot on its column's axis.
struct MeasuredDot {
    double value = NAN, low = NAN, high = NAN; ///< NaN: not known; without an interval low and high are NaN
    double second = NAN; ///< a thin upright line at it
    bool isFilled = false;
};

struct MeasuredColumn {
    QString title, hint; ///< "deletion", "low is good"
    AxisSpec axis; ///< as far as its numbers reach, round at both ends
    double level = NAN; ///< a line right down the column
    std::vector<MeasuredDot> dots; ///< one per row
    QString brief = {}; ///< "del. ↓", where neither title nor hint has room
    /// The axis from all that is to be seen; 0 is among it where `hasZero`.
    void fitAxis(bool hasZero);
};

struct MeasuredTable {
    QStringList rows;
    int baselines = 0; ///< of them, the last ones: fainter, below a gap
    std::vector<MeasuredColumn> columns;
};

/// Where the parts lie.
struct MeasuredPlaces {
    QRectF area; ///< of all cells
    double label = 0; ///< room left of them
    double head = 0; ///< room above them: title and hint, or brief titles
    bool isBrief = false;
    double foot = 0; ///< room below: ticks
    double row = 0; ///< height of a row
    double gap = 0; ///< before the baselines
    int rows = 0, columns = 0, baselines = 0;

    static MeasuredPlaces within(const QRectF& body, const MeasuredTable& table, const Style& style);
    static double heightFor(const MeasuredTable& table, const Style& style);
    QRectF cellOf(QPoint cell) const;
    QPoint at(QPointF point) const; ///< CellTable::none outside
    /// Where the dots of a column lie: its cells without the room for the number that is written out.
    QRectF dotsOf(int column, const Style& style) const;
};

void paintMeasured(
    QPainter& painter, const MeasuredPlaces& at, const MeasuredTable& table, const Style& style);

/// ".83", "−.12", "–": two digits, as in narrow tables.
QString shortNumber(double value);

}
