// The line along which the steps of a run lie: which are recorded, where branches left, where one looks. It
// knows no Session.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/trace.h"

#include <QAbstractSlider>
#include <QColor>

#include <vector>

namespace fovea {

/// One run beside the shown one.
struct TrackLane {
    Index from = 0, to = 0; ///< its own steps
    QColor color;
    bool isCompared = false;
};

/// Its value is the position of a step in the trace. Arrow keys step, Shift makes ten of it; dragging scrubs.
class StepTrack final : public QAbstractSlider {
    Q_OBJECT

public:
    explicit StepTrack(QWidget* parent = nullptr);

    /// `target`: how far the run is meant to go, in steps; less than it went counts for nothing.
    void show(const TracePtr& trace, std::size_t position, Index target);
    void setLanes(std::vector<TrackLane> lanes);

    QSize sizeHint() const override { return {240, 32}; }
    QSize minimumSizeHint() const override { return {120, 32}; }

signals:
    void chosen(std::size_t position);
    void stepped(int by);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override { mouseMoveEvent(event); }
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    double xOf(Index number) const;
    QRectF line() const;
    void paintSteps(QPainter& painter) const;
    void paintLanes(QPainter& painter) const;

    TracePtr trace_;
    Index last_ = 1; // the number at the right end
    std::vector<TrackLane> lanes_;
};

}
