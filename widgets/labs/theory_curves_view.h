// What a lab's theory predicts, for many configs on common axes. What a run did is CurvesView's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/labs/lab_study.h"
#include "widgets/labs/lab_theory.h"
#include "widgets/views/computed_view.h"

namespace fovea {

/// Panels with a curve for each line of the study's grid over the theory's time, and an upright at a mark of
/// each. Where the study names no record, a panel for each curve that the theory has.
class TheoryCurvesView final : public ComputedView, private CellTable {
    Q_OBJECT

public:
    TheoryCurvesView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString missing() const override;
    QString caption() const override;
    bool drawsEdited() const override { return false; }

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    CellTable* cellsShown() override { return this; }

private:
    struct Asked {
        StudiedLab of;
        Config study;
        bool operator==(const Asked&) const = default;
    };

    QSize cells() const override { return {plots_.columns(), plots_.rows()}; }
    QPoint current() const override { return holds(cursor_) ? cursor_ : none; }
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override { return cellTextOf(plots_, cell); }
    QString rowName(int row) const override { return rowNameOf(plots_, row); }
    QRectF cellRect(QPoint cell) const override { return plots_.stripOf(cell, body(), screenStyle()); }
    QPoint cellAt(QPointF point) const override { return plots_.cellAt(point, body(), screenStyle()); }

    void take(const TheoryGrid& grid);
    /// A panel of the plots: some records of a panel of the grid.
    void add(const TheoryPanel& panel, std::size_t from, std::size_t count, const QString& title,
        const QString& quantity);

    Asked asked_;
    std::optional<TheoryGrid> grid_;
    CurvePanels plots_;
    LineColors colors_;
    QPoint cursor_{0, 0};
};

}
