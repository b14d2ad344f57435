// The cells of a view, as arrow keys walk them and a screen reader tells them. It neither draws nor speaks.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPoint>
#include <QRectF>
#include <QSize>
#include <QString>

namespace fovea {

/// A cell is (column, row), counted from the upper left.
class CellTable {
public:
    static constexpr QPoint none{-1, -1};

    virtual ~CellTable() = default;

    virtual QSize cells() const = 0;
    /// The cell where the keyboard stands, or `none`.
    virtual QPoint current() const = 0;
    virtual void goTo(QPoint cell) = 0;
    /// All that there is to say of a cell: "query (7,4), key cls, 0.0831, row max".
    virtual QString cellText(QPoint cell) const = 0;
    virtual QString columnName(int column) const { return QString::number(column); }
    virtual QString rowName(int row) const { return QString::number(row); }
    /// Where it lies in the widget.
    virtual QRectF cellRect(QPoint cell) const = 0;
    /// The cell under a point of the widget, or `none`.
    virtual QPoint cellAt(QPointF point) const = 0;

    bool holds(QPoint cell) const { return QRect(QPoint(), cells()).contains(cell); }
};

/// Rows and columns of equal size that fill a rectangle.
struct CellLattice {
    QRectF area;
    QSize cells;
    QRectF rectOf(QPoint cell) const;
    QPoint at(QPointF point) const; ///< CellTable::none outside
};

}
