// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/depth_curves_view.h"

#include "widgets/plots/color_bar.h"
#include "widgets/plots/painters.h"
#include "widgets/views/reading.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace fovea {

DepthCurvesView::DepthCurvesView(
    const QString& id, const QString& title, Gather curvesOf, Session& session, QWidget* parent)
    : ComputedView(id, title, session, parent)
    , gather_(curvesOf)
{
    DepthCurvesView::renew();
}

void DepthCurvesView::renew()
{
    const Change change = changeOfRun();
    if (change == Change::None)
        return;
    if (change == Change::Run)
        curves_.clear();
    mixers_.clear();
    const TracePtr& trace = session().slot().trace();
    if (!trace)
        return stop();
    const std::size_t step = session().selection().step;
    mixers_ = mixersOf(*trace, step);
    begin([slot = session().slot(), services = session().services(), step, curvesOf = gather_](
              const Job::Context& context) { return curvesOf(slot, services, step, context); },
        [this](std::vector<DepthCurve> curves) { curves_ = std::move(curves); });
}

QString DepthCurvesView::missing() const
{
    return curves_.empty() ? missingRun(session(), reason(tr("Computing the spectra."), nothing()))
                           : QString();
}

int DepthCurvesView::chosen() const
{
    const int mixer = chosenMixer(mixers_, session().selection());
    if (mixer < 0)
        return -1;
    const int number = mixers_[static_cast<std::size_t>(mixer)].number;
    const auto found = std::ranges::find(curves_, number, &DepthCurve::number);
    return found == curves_.end() ? -1 : static_cast<int>(found - curves_.begin());
}

ValueScale DepthCurvesView::depths(const Style& style) const
{
    ValueScale scale;
    scale.quantity = tr("layer");
    scale.colors = &ColorMap::seenOn(session().display().colors, style.ground);
    scale.whole = true;
    ValueRange range;
    for (const DepthCurve& curve : curves_)
        range.include(curve.number);
    scale.fit(range);
    return scale;
}

PlotFrame DepthCurvesView::frameIn(const QRectF& body, const Style& style) const
{
    AxisSpec y = valueAxis();
    ValueRange range;
    double furthest = 0;
    for (const DepthCurve& curve : curves_) {
        range.include(curve.record.value);
        furthest = std::max(furthest, xOf(curve).back());
    }
    if (y.logarithmic) {
        range.include(1);
        y.min = std::max(range.minPositive, range.max * 1e-4) / 1.2; // below that lies rounding
        y.max = range.max * 1.2;
    } else {
        range.include(0);
        const double pad = 0.05 * std::max(range.max - range.min, 1e-6);
        y.min = range.min - pad;
        y.max = range.max + pad;
    }
    const AxisSpec x{tr("frequency (cycles per token)"), 0, std::max(furthest, 0.1)};
    const ColorBarRoom bar = ColorBarRoom::in(body, depths(style), style);
    return PlotFrame::within(bar.rest(body), x, y, style);
}

void DepthCurvesView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const PlotFrame frame = frameIn(body, style);
    const ValueScale scale = depths(style);
    paintAxes(painter, frame, style);
    paintLevel(painter, frame, valueAxis().logarithmic ? 1 : 0, {style.faint, style.axisWidth, Qt::DotLine});
    const auto paintOne = [&](const DepthCurve& curve, const QColor& color, double width) {
        const std::vector<double> x = xOf(curve), y = curve.record.value.toDoubles();
        paintCurve(painter, frame, x, y,
            {color, width * style.lineWidth, curve.isDashed ? Qt::DashLine : Qt::SolidLine});
    };
    for (const DepthCurve& curve : curves_)
        paintOne(curve, QColor(scale.color(curve.number)), 1.2);
    if (const int mine = chosen(); mine >= 0)
        paintOne(curves_[static_cast<std::size_t>(mine)], style.accent, 2);
    ColorBarRoom::in(body, scale, style).paint(painter, frame.area, body, scale, style);
}

QString DepthCurvesView::caption() const
{
    if (curves_.empty())
        return {};
    const auto dashed = std::ranges::count_if(curves_, &DepthCurve::isDashed);
    const auto whole = static_cast<std::ptrdiff_t>(curves_.size()) - dashed;
    QStringList parts;
    if (whole > 0)
        parts << tr("whole lines: %n spectral blocks", nullptr, static_cast<int>(whole));
    if (dashed > 0)
        parts << tr("dashed: %n attention blocks", nullptr, static_cast<int>(dashed));
    if (const int mine = chosen(); mine >= 0)
        parts << tr("in the accent: %1").arg(layerMark(curves_[static_cast<std::size_t>(mine)].number));
    return parts.join(QStringLiteral(" · "));
}

std::vector<Record> DepthCurvesView::data() const
{
    std::vector<Record> all;
    for (const DepthCurve& curve : curves_)
        all.push_back(curve.record);
    return all;
}

QSize DepthCurvesView::cells() const
{
    std::size_t most = 0;
    for (const DepthCurve& curve : curves_)
        most = std::max(most, xOf(curve).size());
    return {static_cast<int>(most), static_cast<int>(curves_.size())};
}

QPoint DepthCurvesView::current() const
{
    return chosen() < 0 ? none : QPoint(std::min(column_, cells().width() - 1), chosen());
}

void DepthCurvesView::goTo(QPoint cell)
{
    column_ = cell.x();
    const int number = curves_[static_cast<std::size_t>(cell.y())].number;
    if (const auto found = std::ranges::find(mixers_, number, &Mixer::number); found != mixers_.end())
        session().setSelection(withMixer(session().selection(), *found));
    update();
    announce();
}

QString DepthCurvesView::cellText(QPoint cell) const
{
    const DepthCurve& curve = curves_[static_cast<std::size_t>(cell.y())];
    const auto x = xOf(curve), y = curve.record.value.toDoubles();
    const auto at = static_cast<std::size_t>(cell.x());
    const QString name = rowName(cell.y());
    if (at >= x.size())
        return tr("%1: there is none").arg(name);
    return tr("%1, %2 cycles per token: %3")
        .arg(name, numberText(x[at], 3), std::isfinite(y[at]) ? numberText(y[at], 3) : tr("no number"));
}

QString DepthCurvesView::columnName(int column) const { return tr("frequency %1").arg(column); }

QString DepthCurvesView::rowName(int row) const
{
    return layerName(curves_[static_cast<std::size_t>(row)].number);
}

QRectF DepthCurvesView::cellRect(QPoint cell) const
{
    const DepthCurve& curve = curves_[static_cast<std::size_t>(cell.y())];
    const auto x = xOf(curve), y = curve.record.value.toDoubles();
    const PlotFrame frame = frameIn(body(), screenStyle());
    const std::size_t at = std::min(static_cast<std::size_t>(cell.x()), x.size() - 1);
    const double value = std::isfinite(y[at]) ? std::clamp(y[at], frame.y.min, frame.y.max) : frame.y.min;
    return QRectF(frame.at(x[at], value) - QPointF(4, 4), QSizeF(8, 8));
}

QPoint DepthCurvesView::cellAt(QPointF point) const
{
    QPoint best = none;
    double least = 12; // pixels
    const PlotFrame frame = curves_.empty() ? PlotFrame() : frameIn(body(), screenStyle());
    for (std::size_t row = 0; row < curves_.size(); ++row) {
        const auto x = xOf(curves_[row]), y = curves_[row].record.value.toDoubles();
        for (std::size_t i = 0; i < x.size(); ++i) {
            const QPointF way = frame.at(x[i], y[i]) - point;
            if (const double far = std::hypot(way.x(), way.y()); far < least) {
                least = far;
                best = QPoint(static_cast<int>(i), static_cast<int>(row));
            }
        }
    }
    return best;
}

}
