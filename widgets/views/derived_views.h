// Views of what has to be computed first: head statistics, rollout. Each works in a Job of its own.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/scatter_plot.h"
#include "widgets/views/spatial_view.h"

namespace fovea {

/// Each head as a point: mean distance across, entropy up, share on special tokens as colour. A rectangle
/// brushes the head grid.
class HeadScatterView final : public View {
    Q_OBJECT

public:
    HeadScatterView(Session& session, QWidget* parent);

    std::vector<Record> data() const override { return stats_; }
    QString caption() const override;
    bool isReady() const override { return !job_->isRunning(); }

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    QString missing() const override;
    void renew() override;
    void reselect() override;
    QString tipAt(QPointF point) const override;

private:
    void show(std::vector<Record> stats);
    std::pair<int, int> headOf(int point) const { return heads_[static_cast<std::size_t>(point)]; }

    ScatterPlot* plot_;
    Job* job_;
    TracePtr trace_; // that the statistics are of
    std::size_t step_ = 0;
    std::vector<Record> stats_; // per layer
    std::vector<std::pair<int, int>> heads_; // (layer, head) per point
    int hovered_ = -1; // point
};

/// Attention rollout over the picture, with the settings of the display.
class RolloutView final : public SpatialView {
    Q_OBJECT

public:
    RolloutView(Session& session, QWidget* parent);

    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    bool isReady() const override { return !job_->isRunning(); }

protected:
    TokenMap map() const override;
    QString missing() const override;
    void renew() override;

private:
    struct Asked {
        TracePtr trace;
        std::size_t step = 0;
        analysis::RolloutOptions options;
        bool operator==(const Asked&) const = default;
    };
    Asked asked_;
    Job* job_;
    RecordPtr rollout_;
    QString problem_;
};

}
