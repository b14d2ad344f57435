// Where the thumbnails of a head grid, their labels and the colour bar lie. Geometry and labels; no numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/color_bar.h"
#include "widgets/plots/value_scale.h"

#include <QCoreApplication>
#include <QMarginsF>
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
    QStringList layerNames = {}, headNames = {}; ///< of the heads empty: "H0" and so on
    int group = 1; ///< so many layers stand under the name of the first, to which theirs give way
};

struct HeadGridPlaces {
    Q_DECLARE_TR_FUNCTIONS(HeadGridView)

public:
    HeadGridShape shape;
    QRectF body;
    QRectF cells; ///< all thumbnails
    QSizeF step; ///< from one to the next
    double gap = 0;
    QRectF bar;
    bool barIsBelow = false;
    double maximaWidth = 0; ///< of the layers' largest values beside them
    bool across = false; ///< layers stand side by side, heads below one another
    int bands = 1; ///< the row (or column) of layers is broken into so many
    QPointF bandStep; ///< from one of them to the next

    /// Layers downwards, or across, in one band or several, as thumbnails get larger.
    static HeadGridPlaces within(
        const QRectF& body, const HeadGridShape& shape, const ValueScale& widest, const Style& style);
    /// The height of a body that the thumbnails fill at that width, the longer side lying across.
    static double heightFor(
        double width, const HeadGridShape& shape, const ValueScale& widest, const Style& style);

    QRectF of(int layer, int head) const;
    /// Column and row of the grid, whichever way it lies; the same for either direction.
    QPoint cellOf(int layer, int head) const { return across ? QPoint(layer, head) : QPoint(head, layer); }
    std::pair<int, int> headOf(QPoint cell) const
    {
        return across ? std::pair(cell.x(), cell.y()) : std::pair(cell.y(), cell.x());
    }
    /// Layer and head under a point, perhaps of none.
    std::pair<int, int> at(QPointF point) const;
    int layersInBand() const { return (shape.layers + bands - 1) / bands; }

    /// "L3", "H1", as many as have room, and the layers' largest values; one layer stands out.
    void paintLabels(QPainter& painter, const QStringList& maxima, int chosenLayer, const Style& style) const;

private:
    /// The room for the layers' largest values below thumbnails of that width.
    static double maximaRoom(const HeadGridShape& shape, bool across, double step, const Style& style);
    /// Where the thumbnails of a layer's band are.
    QRectF bandOf(int layer) const;
    void paintMaximum(QPainter& painter, int layer, const QString& text, const Style& style) const;
    /// The room around the thumbnails and what stands below them.
    static QMarginsF margins(
        const HeadGridShape& shape, bool across, const ColorBarRoom& bar, const Style& style);
    static HeadGridPlaces fitted(const HeadGridPlaces& start, const ColorBarRoom& bar, const Style& style);
};

}
