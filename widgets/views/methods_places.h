// Where the small multiples and the matrix of the methods' comparison lie. It draws nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/style.h"
#include "widgets/views/cell_table.h"

namespace fovea {

/// What has to find a place.
struct MethodsShown {
    int count = 0; ///< of maps
    double aspect = 1; ///< height of a map over its width
    int numberLines = 1; ///< under each map; left out where three numbers have no room beside one another
};

struct MethodsPlaces {
    int count = 0, columns = 1, numberLines = 1;
    QRectF maps; ///< all cells
    QSizeF cell; ///< a title line, the map, lines of numbers
    QSizeF map; ///< of a cell
    double line = 0; ///< height of a line of text
    QRectF bar; ///< of the maps' colours
    QRectF matrix; ///< the cells of the correlations alone; its labels lie left of it and below; empty
                   ///< where there is no room for them
    double label = 0; ///< room for those
    QRectF matrixBar;

    /// Side by side where `body` is wide, else one above the other.
    static MethodsPlaces within(const QRectF& body, const MethodsShown& shown, const Style& style);
    /// One above the other.
    static double heightFor(double width, const MethodsShown& shown, const Style& style);

    QRectF cellOf(int index) const;
    QRectF titleOf(int index) const;
    QRectF mapOf(int index) const;
    QRectF numbersOf(int index) const;
    /// The map whose cell holds a point, or -1.
    int at(QPointF point) const;
};

}
