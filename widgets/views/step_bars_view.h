// Vectors at one step of a run as bars that move while it plays: how the weights of common and distinct
// tokens rise and fall, say. The axes stand still.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_frame.h"
#include "widgets/views/family_view.h"

namespace fovea {

/// A panel for each signal of one name, at the step that is shown; with a list of steps one for each of them,
/// side by side. Elements that are called alike have one colour. A line across a bar is its first step.
class StepBarsView final : public FamilyView {
    Q_OBJECT

public:
    StepBarsView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void paintEvent(QPaintEvent* event) override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;
    int rows() const override;
    Index stepOfRow(int row) const override;
    int currentRow() const override;
    void goTo(QPoint cell) override;

private:
    /// A panel at a step, and where it is drawn.
    struct Place {
        std::size_t panel = 0;
        int row = 0;
        PlotFrame frame;
    };
    std::vector<int> rowsIn(double width, const Style& style) const;
    /// On the screen, in body()'s width; that itself asks for the caption, and so for the current row.
    std::vector<int> rowsSeen() const;
    std::vector<Place> placesIn(const QRectF& body, const Style& style) const;
    void drawPlace(QPainter& painter, const Place& place, const Style& style) const;
    void drawLegend(QPainter& painter, QRectF line, const Style& style) const;
    QColor colorOf(const Panel& panel, Index element, const Style& style) const;
    AxisSpec heights() const;
    std::vector<QString> stems() const;
};

}
