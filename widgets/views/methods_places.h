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
    int numberLines = 1; ///< under each map
};

struct MethodsPlaces {
    int count = 0, columns = 1, numberLines = 1;
    bool isTable = false; ///< a row for each map, its numbers beside it: where they have no room below it
    QRectF maps; ///< all cells
    QSizeF cell; ///< a title line, the map, lines of numbers
    QSizeF map; ///< of a cell
    double title = 0; ///< width of a name, in a table
    double line = 0; ///< height of a line of text
    QRectF bar; ///< of the maps' colours
    QRectF matrix; ///< the cells of the correlations alone; its labels lie left of it and below; empty
                   ///< where there is no room for them
    double label = 0; ///< room for those
    QRectF matrixBar;

    /// Side by side where `body` is wide, else one above the other; a table where it is small.
    static MethodsPlaces within(const QRectF& body, const MethodsShown& shown, const Style& style);
    /// One above the other.
    static double heightFor(double width, const MethodsShown& shown, const Style& style);

    QRectF cellOf(int index) const;
    QRectF titleOf(int index) const;
    QRectF mapOf(int index) const;
    QRectF numbersOf(int index) const;
    /// Over the numbers of a table: what they are.
    QRectF headOfNumbers() const { return numbersOf(0).translated(0, -line); }
    /// The map whose cell holds a point, or -1.
    int at(QPointF point) const;
};

}
