// The line along which the steps of a run lie: which are recorded, where branches left, where phases begin,
// where one looks. It knows no Session and no theory.
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

/// Something that begins or ends at a step. Found ones are filled, predicted ones open.
struct TrackMark {
    double step = 0;
    double low = 0, high = 0; ///< of a band round it; NaN: none
    QString name; ///< "snap": beside the mark where there is room
    QString text; ///< all that there is to say of it
    QColor color;
    bool isFound = false;
    bool operator==(const TrackMark& other) const;
};

/// Its value is the position of a step in the trace. Arrow keys step, Shift makes ten of it; dragging scrubs.
class StepTrack final : public QAbstractSlider {
    Q_OBJECT

public:
    explicit StepTrack(QWidget* parent = nullptr);

    /// `target`: how far the run is meant to go, in steps; less than it went counts for nothing.
    void show(const TracePtr& trace, std::size_t position, Index target);
    void setLanes(std::vector<TrackLane> lanes);
    /// The first is written first where not all names have room. A screen reader tells all of them.
    void setMarks(std::vector<TrackMark> marks);
    const std::vector<TrackMark>& marks() const { return marks_; }
    /// Where a mark stands in the widget.
    QPointF placeOf(const TrackMark& mark) const;

    QSize sizeHint() const override { return {240, height_ + topRoom()}; }
    QSize minimumSizeHint() const override { return {120, height_ + topRoom()}; }

signals:
    void chosen(std::size_t position);
    void stepped(int by);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override { mouseMoveEvent(event); }
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    static constexpr int height_ = 32;
    int topRoom() const; ///< above the line, for marks
    bool isOnTrack(const TrackMark& mark) const { return mark.step <= static_cast<double>(last_); }
    double xOf(double number) const;
    QRectF line() const;
    void paintSteps(QPainter& painter) const;
    void paintLanes(QPainter& painter) const;
    void paintMarks(QPainter& painter) const;
    void paintNames(QPainter& painter) const;

    TracePtr trace_;
    Index last_ = 1; // the number at the right end
    std::vector<TrackLane> lanes_;
    std::vector<TrackMark> marks_;
};

}
