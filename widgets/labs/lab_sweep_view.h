// What is left of a lab's runs after so many steps, over a grid of configs and several seeds. What one run
// does on its way is CurvesView's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/labs/lab_study.h"
#include "widgets/labs/swept_grid.h"
#include "widgets/views/asked_view.h"

namespace fovea {

/// Panels with a line of means for each line of the study's grid, and bars of a standard deviation. Runs are
/// begun when somebody asks, and those that are over are kept: a sweep that was stopped goes on where it was.
class LabSweepView final : public AskedView {
    Q_OBJECT

public:
    LabSweepView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString missing() const override;
    QString caption() const override;
    QStringList badges() const override;
    bool drawsEdited() const override { return false; }
    void compute() override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    bool isIncomplete() const override { return question_ && !grid_; }
    QString buttonText() const override;

private:
    struct Asked {
        StudiedLab of;
        Config study;
        bool operator==(const Asked&) const = default;
    };

    QSize cells() const override { return {plots_.columns(), plots_.rows()}; }
    QString cellText(QPoint cell) const override { return cellTextOf(plots_, cell); }
    QString rowName(int row) const override { return rowNameOf(plots_, row); }
    QRectF cellRect(QPoint cell) const override { return plots_.stripOf(cell, body(), screenStyle()); }
    QPoint cellAt(QPointF point) const override { return plots_.cellAt(point, body(), screenStyle()); }

    void take(const SweptGrid& grid);

    Asked asked_;
    std::optional<SweepQuestion> question_; // nothing: the study asks for no sweep, or `wrong_` says why
    QString wrong_;
    std::shared_ptr<const SweptGrid> grid_;
    CurvePanels plots_;
};

}
