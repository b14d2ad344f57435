// Where small multiples lie: plots that fill a place; panels of one shape, a line of text above each. It
// draws nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/style.h"

#include <QRectF>

#include <vector>

namespace fovea {

/// The rectangles of so many plots that fill `area`, each about `aspect` times as wide as high.
std::vector<QRectF> spread(const QRectF& area, int count, double aspect, const Style& style);

struct PanelGrid {
    QRectF area;
    int count = 0, columns = 1;
    QSizeF cell; ///< of a panel with its title and the space behind it
    double title = 0; ///< height of the line above a panel
    double aspect = 1; ///< height of a panel over its width
    double gap = 0;

    /// As large as they can be in `area`; `columns` 0: as many side by side as that takes.
    static PanelGrid within(const QRectF& area, int count, int columns, double aspect, const Style& style);
    /// The height of so many columns at that width.
    static double heightFor(double width, int count, int columns, double aspect, const Style& style);

    int rows() const { return columns > 0 ? (count + columns - 1) / columns : 0; }
    QRectF titleOf(int index) const;
    QRectF panelOf(int index) const;
    /// The panel under a point, or -1.
    int at(QPointF point) const;

private:
    QRectF cellOf(int index) const;
};

}
