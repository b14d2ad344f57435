// Points in a plane, coloured by a third quantity; a rectangle drawn with the mouse brushes them. Knows no
// Session.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/canvas.h"
#include "widgets/plots/value_scale.h"

#include <optional>

namespace fovea {

struct ScatterPoint {
    double x = 0, y = 0;
    double shade = 0; ///< the quantity of the colour: the layer
    QString name; ///< "layer 3, head 1"
};

/// A value to compare with, drawn as a line across the plot with its name.
struct ReferenceLine {
    double value = 0;
    QString name; ///< "uniform attention"
    Qt::Orientation orientation = Qt::Horizontal; ///< Horizontal: at a value of y
};

struct ScatterContent {
    AxisSpec x, y; ///< with min = max an axis takes the extent of the points and the reference lines
    std::vector<ScatterPoint> points;
    std::optional<ValueScale> shades; ///< none: points of one colour and no bar
    std::vector<ReferenceLine> references = {};
};

class ScatterPlot : public Canvas {
    Q_OBJECT
public:
    explicit ScatterPlot(QWidget* parent = nullptr);

    void setContent(ScatterContent content);
    const ScatterContent& content() const { return content_; }
    /// The points that stand out, the others fade; none: all are equal.
    void setBrushed(std::vector<int> points);
    /// Where a point lies in the widget, and which one lies there; -1: none.
    QRectF rectOf(int point) const;
    int pointAt(QPointF place) const;
    /// A ring round one point; -1 for none.
    void mark(int point);

    void paintFigure(QPainter& painter, const QRectF& rect, const Style& style) const override;

signals:
    /// The point under the cursor, or -1.
    void hovered(int point);
    /// The point that was clicked, or -1 for the ground.
    void clicked(int point);
    /// The points in the rectangle, ascending.
    void brushed(const std::vector<int>& points);

protected:
    void hoverAt(int panel, QPointF at) override;
    void clickAt(int panel, QPointF at) override;
    void brushOver(QRectF area) override;

private:
    void paintPoints(QPainter& painter, const PlotFrame& frame, const Style& style) const;
    void paintReferences(QPainter& painter, const PlotFrame& frame, const Style& style) const;
    void paintName(
        QPainter& painter, const PlotFrame& frame, const ReferenceLine& line, const Style& style) const;
    void paintMark(QPainter& painter, const PlotFrame& frame, const Style& style) const;

    ScatterContent content_;
    std::vector<int> brushed_;
    int marked_ = -1;
};

}
