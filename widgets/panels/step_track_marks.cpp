// The marks above the line: a triangle at the step, its band, its name where there is room.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/step_track.h"

#include "core/analysis/theory/theory.h"

#include <QFontMetricsF>
#include <QHelpEvent>
#include <QPainter>
#include <QPolygonF>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace fovea {

bool TrackMark::operator==(const TrackMark& other) const
{
    using analysis::isSameMark;
    return name == other.name && text == other.text && color == other.color && isFound == other.isFound
        && isSameMark(step, other.step) && isSameMark(low, other.low) && isSameMark(high, other.high);
}

namespace {

constexpr int markRoom = 18;
constexpr double markHalf = 4.5, markHeight = 7, markTop = 2, bandHeight = 3, nearMark = 6;

/// Its tip stands on the line.
QPolygonF triangleAt(QPointF tip)
{
    return QPolygonF({tip, tip + QPointF(-markHalf, -markHeight), tip + QPointF(markHalf, -markHeight)});
}

}

int StepTrack::topRoom() const { return marks_.empty() ? 0 : markRoom; }

void StepTrack::setMarks(std::vector<TrackMark> marks)
{
    if (marks == marks_)
        return;
    const bool isOther = marks.empty() != marks_.empty();
    marks_ = std::move(marks);
    QStringList texts;
    for (const TrackMark& mark : marks_)
        texts.append(mark.text);
    setAccessibleDescription(texts.join(QStringLiteral("; ")));
    if (isOther)
        updateGeometry();
    update();
}

QPointF StepTrack::placeOf(const TrackMark& mark) const { return {xOf(mark.step), markTop + markHeight}; }

void StepTrack::paintMarks(QPainter& painter) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (auto mark = marks_.rbegin(); mark != marks_.rend(); ++mark) { // the first on top of the others
        if (!isOnTrack(*mark))
            continue;
        const QPointF tip = placeOf(*mark);
        if (std::isfinite(mark->low)) {
            const double right = std::isfinite(mark->high) ? std::min(xOf(mark->high), line().right())
                                                           : xOf(static_cast<double>(last_));
            const double y = line().top() - (mark->isFound ? 1 : 2) * (bandHeight + 1);
            QColor band = mark->color;
            band.setAlphaF(mark->isFound ? 0.55F : 0.35F);
            painter.fillRect(
                QRectF(xOf(mark->low), y, std::max(1.0, right - xOf(mark->low)), bandHeight), band);
        }
        painter.setPen(QPen(mark->color, 1, mark->isFound ? Qt::SolidLine : Qt::DotLine));
        painter.drawLine(tip, QPointF(tip.x(), line().bottom()));
        painter.setPen(QPen(mark->color, 1.2));
        painter.setBrush(mark->isFound ? mark->color : palette().color(QPalette::Window));
        painter.drawPolygon(triangleAt(tip));
    }
    painter.restore();
    paintNames(painter);
}

/// Beside the triangles, where a name hides neither a mark nor another name.
void StepTrack::paintNames(QPainter& painter) const
{
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.8);
    const QFontMetricsF metrics(small);
    std::vector<QRectF> taken;
    for (const TrackMark& mark : marks_)
        if (isOnTrack(mark))
            taken.push_back(triangleAt(placeOf(mark)).boundingRect().adjusted(-1, 0, 1, 0));
    painter.setFont(small);
    for (const TrackMark& mark : marks_) {
        if (!isOnTrack(mark))
            continue;
        const double width = metrics.horizontalAdvance(mark.name) + 2;
        const QPointF tip = placeOf(mark);
        for (const double left : {tip.x() + markHalf + 3, tip.x() - markHalf - 3 - width}) {
            const QRectF place(left, 0, width, markTop + markHeight + 3);
            const auto hides = [&](const QRectF& other) { return other.intersects(place); };
            if (left < 0 || place.right() > this->width() || std::ranges::any_of(taken, hides))
                continue;
            painter.setPen(palette().color(QPalette::WindowText));
            painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter, mark.name);
            taken.push_back(place.adjusted(-4, 0, 4, 0));
            break;
        }
    }
}

bool StepTrack::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || marks_.empty())
        return QAbstractSlider::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QStringList texts;
    for (const TrackMark& mark : marks_)
        if (isOnTrack(mark) && std::abs(placeOf(mark).x() - help->pos().x()) <= nearMark)
            texts.append(mark.text);
    if (texts.isEmpty()) {
        QToolTip::hideText();
        event->ignore();
    } else {
        QToolTip::showText(help->globalPos(), texts.join(QLatin1Char('\n')), this);
    }
    return true;
}

}
