// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/step_track.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

constexpr double margin = 8, trackY = 12, trackHeight = 4, laneHeight = 2, lanePitch = 4, tickHeight = 4;
constexpr double leastTickPitch = 3; // pixels; closer ticks would be one band
constexpr std::size_t mostLanes = 3;
constexpr int tenfold = 10;

}

StepTrack::StepTrack(QWidget* parent)
    : QAbstractSlider(parent)
{
    setOrientation(Qt::Horizontal);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void StepTrack::show(const TracePtr& trace, std::size_t position, Index target)
{
    trace_ = trace;
    const std::size_t count = trace ? trace->steps.size() : 0;
    last_ = std::max<Index>({1, target - 1, count > 0 ? trace->steps.back()->step() : 0});
    const QSignalBlocker quiet(this);
    setRange(0, std::max(0, static_cast<int>(count) - 1));
    setValue(static_cast<int>(position));
    update();
}

void StepTrack::setLanes(std::vector<TrackLane> lanes)
{
    lanes_ = std::move(lanes);
    update();
}

QRectF StepTrack::line() const
{
    return {margin, topRoom() + trackY - trackHeight / 2, width() - 2 * margin, trackHeight};
}

double StepTrack::xOf(double number) const
{
    return line().left() + line().width() * number / static_cast<double>(last_);
}

void StepTrack::mouseMoveEvent(QMouseEvent* event)
{
    if (!(event->buttons() & Qt::LeftButton) || !trace_ || trace_->steps.empty())
        return;
    const double share = std::clamp((event->position().x() - line().left()) / line().width(), 0.0, 1.0);
    const double number = share * static_cast<double>(last_);
    const StepList& steps = trace_->steps;
    std::size_t at = std::min(steps.lowerBound(static_cast<Index>(std::ceil(number))), steps.size() - 1);
    const auto distance
        = [&](std::size_t i) { return std::abs(static_cast<double>(steps[i]->step()) - number); };
    if (at > 0 && distance(at - 1) < distance(at))
        --at;
    emit chosen(at);
}

void StepTrack::keyPressEvent(QKeyEvent* event)
{
    const int by = event->modifiers() & Qt::ShiftModifier ? tenfold : 1;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Down:
        emit stepped(-by);
        return;
    case Qt::Key_Right:
    case Qt::Key_Up:
        emit stepped(by);
        return;
    case Qt::Key_Home:
        emit chosen(0);
        return;
    case Qt::Key_End:
        emit chosen(static_cast<std::size_t>(maximum()));
        return;
    default:
        event->ignore(); // the window's keys
    }
}

void StepTrack::wheelEvent(QWheelEvent* event)
{
    const int turn = event->angleDelta().y();
    if (turn != 0)
        emit stepped(turn > 0 ? -1 : 1);
    event->accept();
}

void StepTrack::paintSteps(QPainter& painter) const
{
    const StepList& steps = trace_->steps;
    const QColor accent = palette().color(QPalette::Highlight);
    QColor made = accent;
    made.setAlphaF(0.45F);
    const double end = xOf(static_cast<double>(steps.back()->step()));
    painter.fillRect(QRectF(line().left(), line().top(), end - line().left(), trackHeight), made);
    const double pitch
        = (end - line().left()) / static_cast<double>(std::max<std::size_t>(1, steps.size() - 1));
    if (pitch >= leastTickPitch) {
        painter.setPen(QPen(palette().color(QPalette::PlaceholderText), 1));
        for (const StepPtr& step : steps) {
            const double x = std::round(xOf(static_cast<double>(step->step()))) + 0.5;
            painter.drawLine(QPointF(x, line().bottom() + 2), QPointF(x, line().bottom() + 2 + tickHeight));
        }
    }
    const double x = xOf(static_cast<double>(steps[static_cast<std::size_t>(value())]->step()));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(palette().color(QPalette::Window), 2));
    painter.setBrush(accent);
    painter.drawEllipse(QPointF(x, line().center().y()), 7, 7);
    if (hasFocus()) {
        painter.setPen(QPen(accent, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(QPointF(x, line().center().y()), 9.5, 9.5);
    }
}

/// Below the line, from the step at which a branch left, with a joint up to it.
void StepTrack::paintLanes(QPainter& painter) const
{
    double y = line().bottom() + 2 + tickHeight + 3;
    for (std::size_t i = 0; i < std::min(mostLanes, lanes_.size()); ++i) {
        const TrackLane& lane = lanes_[i];
        const double left = xOf(static_cast<double>(std::max<Index>(0, lane.from - 1))),
                     right = xOf(static_cast<double>(std::max(lane.from, lane.to - 1)));
        painter.setPen(QPen(lane.color, 1));
        if (lane.from > 0)
            painter.drawLine(QPointF(left, line().bottom()), QPointF(left, y + laneHeight / 2));
        painter.fillRect(
            QRectF(left, y, std::max(2.0, right - left), lane.isCompared ? laneHeight + 1 : laneHeight),
            lane.color);
        y += lanePitch;
    }
}

void StepTrack::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    QColor ground = palette().color(QPalette::WindowText);
    ground.setAlphaF(0.14F);
    painter.fillRect(line(), ground);
    paintLanes(painter);
    paintMarks(painter);
    if (trace_ && !trace_->steps.empty())
        paintSteps(painter);
}

}
