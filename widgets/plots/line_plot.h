// Curves over one axis: values over steps, layers or frequencies. Knows no Session.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/canvas.h"

namespace fovea {

struct Curve {
    QString name;
    std::vector<double> x; ///< ascending
    std::vector<double> y; ///< broken where it is not finite
    bool isReference = false; ///< a theory or a level to compare with: drawn dashed, in grey
};

struct LineContent {
    AxisSpec x, y; ///< with min = max an axis takes the extent of the curves
    std::vector<Curve> curves;
};

/// Each curve has a colour (Okabe and Ito) and a dash of its own, and its name in a legend.
class LinePlot : public Canvas {
    Q_OBJECT
public:
    explicit LinePlot(QWidget* parent = nullptr);

    void setContent(LineContent content);
    /// An upright line, NaN for none: the current step.
    void mark(double x);

    void paintFigure(QPainter& painter, const QRectF& rect, const Style& style) const override;

signals:
    /// The place under the cursor; NaN when it left.
    void hovered(double x);
    void clicked(double x);

protected:
    void hoverAt(int panel, QPointF at) override;
    void clickAt(int panel, QPointF at) override;

private:
    void paintCurves(QPainter& painter, const PlotFrame& frame, const Style& style) const;
    void paintMark(QPainter& painter, const PlotFrame& frame, const Style& style) const;

    LineContent content_;
    double marked_;
};

}
