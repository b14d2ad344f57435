// Vectors over the steps of a run as heat maps: attention by token of each class, say. A panel for each
// signal of one name; the Session says which.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_frame.h"
#include "widgets/views/family_view.h"

namespace fovea {

/// A row for each step from the top, a column for each element, one scale of colours; bands of elements that
/// are called alike are named, with a line between them. With a list of steps only these have rows.
class StepRowsView final : public FamilyView {
    Q_OBJECT

public:
    StepRowsView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void paintEvent(QPaintEvent* event) override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

private:
    struct Sheet {
        ValueScale scale;
        std::vector<PlotFrame> frames; ///< one per panel
    };
    Sheet sheetIn(const QRectF& body, const Style& style) const;
    PlotFrame frameOf(const Panel& panel, const QRectF& place, const Style& style) const;
    /// The height of what stands above a map: its title, the names of its bands.
    double headHeight(const Style& style) const;
    void drawPanel(QPainter& painter, const Panel& panel, const PlotFrame& frame, const ValueScale& scale,
        const Style& style) const;
    QImage imageOf(const Panel& panel, const std::vector<Index>& numbers, const ValueScale& scale,
        const Style& style) const;
    void drawMap(QPainter& painter, const Panel& panel, const QRectF& area, const ValueScale& scale,
        const Style& style) const;
    void drawBands(QPainter& painter, const Panel& panel, const PlotFrame& frame, const Style& style) const;
    void drawStep(QPainter& painter, const PlotFrame& frame, const Style& style) const;
};

}
