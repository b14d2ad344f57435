// Phases as upright lines, and laws as curves along a diagonal.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/painters.h"
#include "widgets/plots/value_scale.h"
#include "widgets/session/player.h"
#include "widgets/views/theory/phase_view.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

constexpr std::size_t mostLawPoints = 1000;
constexpr double markBand = 3; ///< height of a mark's band

}

/// Upright lines with their names above the axes, those left out for which there is no room.
void PhaseView::drawMarks(QPainter& painter, const PlotFrame& frame, const Style& style) const
{
    const int run = session().player().shown();
    double free = frame.area.left();
    std::vector<analysis::PhaseMark> marks = watch_->marks();
    std::ranges::sort(marks, {}, &analysis::PhaseMark::step);
    for (const analysis::PhaseMark& mark : marks) {
        const double at = xOf(mark.step);
        if (at < frame.x.min || at > frame.x.max)
            continue;
        const QColor color = mark.isFound ? colorOf(std::max(0, run), style) : style.faint;
        if (std::isfinite(mark.low) && std::isfinite(mark.high)) {
            const double left = std::max(frame.xOf(xOf(mark.low)), frame.area.left()),
                         right = std::min(frame.xOf(xOf(mark.high)), frame.area.right());
            painter.fillRect(QRectF(left, frame.area.top(), std::max(0.0, right - left), markBand), color);
        }
        paintUpright(
            painter, frame, at, {color, style.axisWidth, mark.isFound ? Qt::DashDotLine : Qt::DotLine});
        const QString name = QString::fromStdString(mark.name);
        const double width = textWidth(name, style.smallFont(), style.unitsPerInch),
                     left = frame.xOf(at) - width / 2, height = 1.1 * style.smallTextSize;
        if (left < free || left + width > frame.area.right() + style.gap)
            continue;
        painter.setPen(color);
        paintText(painter, QRectF(left, frame.area.top() - height - 1, width + 1, height),
            Qt::AlignLeft | Qt::AlignVCenter, name, style.smallFont());
        free = left + width + style.gap;
    }
}

/// Each element against what its law says; the diagonal is the law.
void PhaseView::drawLaws(QPainter& painter, const QRectF& place, const Style& style) const
{
    ValueRange range;
    std::vector<Line> lines;
    const auto step = static_cast<Index>(std::isfinite(hover_) ? hover_ : shownStep());
    double worst = NAN; // none was looked up
    for (const Law& law : laws_) {
        const analysis::Points points = law.points();
        Line line{law.found.name, {colorOf(law.found.run, style), style.lineWidth}, {}, {}};
        const std::size_t stride = 1 + points.x.size() / mostLawPoints;
        for (std::size_t i = 0; i < points.x.size(); i += stride) {
            line.x.push_back(points.x[i]);
            line.y.push_back(points.y[i]);
            range.include(points.x[i]);
            range.include(points.y[i]);
        }
        if (const double off = std::abs(law.offAt(step)); off > worst || std::isnan(worst))
            worst = off;
        lines.push_back(std::move(line));
    }
    const AxisSpec both = axisOf(range, false);
    AxisSpec across = both, up = both;
    across.label = tr("%1 / %2(0)").arg(lawName_, foundName_);
    up.label = tr("%1 / %1(0)").arg(foundName_);
    const PlotFrame frame
        = PlotFrame::within(place.adjusted(0, headingHeight(place.width(), style), 0, 0), across, up, style);
    const QString off = std::isnan(worst) ? QStringLiteral("–") : numberText(worst, 3);
    drawHeading(painter, lawTitle_, {{{style.ink, 0}, tr("off by %1").arg(off)}}, place, style);
    const std::vector<double> ends{both.min, both.max};
    if (!isDashed())
        paintCurve(painter, frame, ends, ends, theoryMark(style));
    for (const Line& line : lines)
        paintCurve(painter, frame, line.x, line.y, line.mark);
    if (isDashed())
        paintCurve(painter, frame, ends, ends, theoryMark(style));
    for (const Law& law : laws_)
        if (const double start = law.law.course.values().empty() ? 0 : law.law.course.values().front();
            start != 0)
            paintPoint(painter, frame, law.law.course.at(step) / start, law.found.course.at(step) / start,
                {style.accent, 4 * style.axisWidth});
    paintAxes(painter, frame, style);
}

}
