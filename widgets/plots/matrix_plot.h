// A whole matrix as a map with a strip of sums above and beside it: zoom, drag, a marked cell. Knows no
// Session.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/canvas.h"
#include "widgets/plots/color_bar.h"
#include "widgets/plots/value_scale.h"

namespace fovea {

/// One number per row or column. Empty values: no strip.
struct Margin {
    QString label; ///< with the unit: "entropy (nat)"
    std::vector<double> values;
};

struct MatrixContent {
    Tensor values; ///< [row, column]
    ValueScale scale;
    QString rowLabel, columnLabel; ///< "query token"
    QStringList rowNames = {}, columnNames = {}; ///< written instead of the indices
    Margin top = {}; ///< per column
    Margin right = {}; ///< per row
};

class MatrixPlot : public Canvas {
    Q_OBJECT
public:
    explicit MatrixPlot(QWidget* parent = nullptr);

    void setContent(MatrixContent content);
    const MatrixContent& content() const { return content_; }
    /// Marks a row and a column; -1 marks none.
    void mark(int row, int column);
    /// Where a cell lies in the widget, and which one lies there: row and column, -1 for none.
    QRectF rectOf(int row, int column) const;
    std::pair<int, int> cellAt(QPointF point) const;

    void paintFigure(QPainter& painter, const QRectF& rect, const Style& style) const override;
    /// Of a figure that wide whose cells are square (half as wide or high at most).
    double heightFor(double width, const Style& style) const;

signals:
    /// The cell under the cursor; -1, -1 when it left. In a strip only the row or only the column.
    void hovered(int row, int column);
    /// The cell that was clicked.
    void pinned(int row, int column);

protected:
    void hoverAt(int panel, QPointF at) override;
    void clickAt(int panel, QPointF at) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    enum PanelNumber { Map, Top, Right, Bar, Name };
    /// Where things stand in a figure: the map, the strips' depth, the space between, the room for the name
    /// above where the corner has none, the bar.
    struct Sheet {
        PlotFrame map = {};
        double strip = 0, space = 0, nameAbove = 0;
        ColorBarRoom bar = {};
    };

    /// Height over width of a map whose cells are square, within bounds.
    double shape() const;
    /// Strips and colour bar as they fit the window.
    void arrange();
    Sheet sheetIn(const QRectF& rect, const Style& style) const;

    AxisSpec columns() const;
    AxisSpec rows() const;
    std::pair<int, int> cellIn(int panel, QPointF at) const;
    void paintMapData(QPainter& painter, const PlotFrame& frame, const Style& style) const;
    void paintMapMarks(QPainter& painter, const PlotFrame& frame, const Style& style) const;
    void paintTop(QPainter& painter, const PlotFrame& frame, const Style& style) const;
    void paintTopName(QPainter& painter, const QRectF& corner, const Style& style) const;
    void paintTopMark(QPainter& painter, const PlotFrame& frame, const Style& style) const;
    void paintRight(QPainter& painter, const PlotFrame& frame, const Style& style) const;
    void paintRightMark(QPainter& painter, const PlotFrame& frame, const Style& style) const;

    MatrixContent content_;
    QImage image_; // one pixel per cell
    bool barIsBelow_ = false, hasStrips_ = true; // on the screen
    int row_ = -1, column_ = -1; // marked
};

}
