// Where the thumbnails of a head grid, their labels and the colour bar lie. Geometry and labels; no numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/style.h"
#include "widgets/plots/value_scale.h"

#include <QPainter>
#include <QPoint>
#include <QRectF>
#include <QStringList>

namespace fovea {

/// What has to find room.
struct HeadGridShape {
    int layers = 1, heads = 1; ///< the most heads of a layer
    double aspect = 1; ///< height of a thumbnail over its width
    bool hasMaxima = false; ///< the largest value of each layer is written at its end
};

struct HeadGridPlaces {
    HeadGridShape shape;
    QRectF body;
    QRectF cells; ///< all thumbnails
    QSizeF step; ///< from one to the next
    double gap = 0;
    QRectF bar;
    bool across = false; ///< layers stand side by side, heads below one another

    /// Layers downwards, or across where thumbnails get larger that way.
    static HeadGridPlaces within(
        const QRectF& body, const HeadGridShape& shape, const ValueScale& widest, const Style& style);
    static double heightFor(double width, const HeadGridShape& shape, const Style& style);

    QRectF of(int layer, int head) const;
    /// Column and row of the grid, whichever way it lies; the same for either direction.
    QPoint cellOf(int layer, int head) const { return across ? QPoint(layer, head) : QPoint(head, layer); }
    std::pair<int, int> headOf(QPoint cell) const
    {
        return across ? std::pair(cell.x(), cell.y()) : std::pair(cell.y(), cell.x());
    }
    /// Layer and head under a point, perhaps of none.
    std::pair<int, int> at(QPointF point) const;

    /// "L3", "H1" and, where they have room, the layers' largest values; one layer stands out.
    void paintLabels(QPainter& painter, const QStringList& maxima, int chosenLayer, const Style& style) const;

private:
    static HeadGridPlaces fitted(const HeadGridPlaces& start, const QSizeF& bar, const Style& style);
};

}
