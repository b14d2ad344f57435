// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/cell_table.h"

#include <algorithm>

namespace fovea {

QRectF CellLattice::rectOf(QPoint cell) const
{
    const double width = area.width() / cells.width(), height = area.height() / cells.height();
    return {area.left() + cell.x() * width, area.top() + cell.y() * height, width, height};
}

QPoint CellLattice::at(QPointF point) const
{
    if (cells.isEmpty() || area.isEmpty() || !area.contains(point))
        return CellTable::none;
    const QPointF share = point - area.topLeft();
    return {std::min(static_cast<int>(share.x() / area.width() * cells.width()), cells.width() - 1),
        std::min(static_cast<int>(share.y() / area.height() * cells.height()), cells.height() - 1)};
}

}
