// The statistics of all heads as a scatter. They are computed in a Job.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/scatter_plot.h"
#include "widgets/views/view.h"

namespace fovea {

/// Each head as a point: mean distance across, entropy up, share on special tokens as colour. A rectangle
/// brushes the head grid.
class HeadScatterView final : public View, private CellTable {
    Q_OBJECT

public:
    HeadScatterView(Session& session, QWidget* parent);

    std::vector<Record> data() const override { return stats_; }
    QString caption() const override;
    QStringList badges() const override;
    bool isReady() const override { return !job_->isRunning(); }

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    QString missing() const override;
    void renew() override;
    void reselect() override;
    CellTable* cellsShown() override { return this; }
    QString tipAt(QPointF point) override;

private:
    QSize cells() const override;
    QPoint current() const override;
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    void choose(int point);
    int numberOf(int layer) const;
    /// "layer 3, head 1"
    QString nameOf(std::pair<int, int> head) const;
    ScatterContent content() const;
    void show(std::vector<Record> stats);
    void brush();
    std::pair<int, int> headOf(int point) const { return heads_[static_cast<std::size_t>(point)]; }

    ScatterPlot* plot_;
    Job* job_;
    TracePtr trace_; // that the statistics are of
    std::size_t step_ = 0;
    std::vector<Record> stats_; // per layer
    std::vector<std::pair<int, int>> heads_; // (layer, head) per point
    int field_ = 0; // where the keyboard stands
};

}
