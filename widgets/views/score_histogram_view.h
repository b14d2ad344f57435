// How the scores of the patches lie about the threshold, group by group, and what share each keeps.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_frame.h"
#include "widgets/views/fates_view.h"

namespace fovea {

/// Cells are the bars: a row for each group, a column for each bin of scores.
class ScoreHistogramView final : public FatesView {
    Q_OBJECT

public:
    ScoreHistogramView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    PanelGrid panels(const QRectF& body, const Style& style) const override;
    QSize cells() const override;
    QPoint current() const override { return holds(cursor_) ? cursor_ : none; }
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override { return groupName(row); }
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;
    void mouseMoveEvent(QMouseEvent* event) override { View::mouseMoveEvent(event); }
    void mousePressEvent(QMouseEvent* event) override { View::mousePressEvent(event); }

private:
    struct Bin {
        double low = 0, high = 0;
        int kept = 0, dropped = 0;
    };
    std::vector<Bin> binsOf(int group) const;
    /// Of all groups: the least and the largest score, and the fullest bin.
    void findEnds();
    AxisSpec scoreAxis(bool isBare) const;
    /// What numbers and name of the scores take below the last row.
    double scaleHeight(const QRectF& body, const Style& style) const;
    PlotFrame frameOf(int group, const QRectF& body, const Style& style) const;

    double low_ = 0, high_ = 1;
    int most_ = 1;
    QPoint cursor_{0, 0};
};

}
