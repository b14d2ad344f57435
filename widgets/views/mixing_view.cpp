// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/mixing_view.h"

#include "widgets/plots/curve_colors.h"
#include "widgets/plots/painters.h"
#include "widgets/views/reading.h"

#include "core/analysis/mixing.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

constexpr double spread = 0.7; // of the way from one layer to the next

double medianOf(std::vector<double> values)
{
    std::erase_if(values, [](double value) { return !std::isfinite(value); });
    if (values.empty())
        return NAN;
    std::ranges::sort(values);
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}

MixingView::MixingView(Session& session, QWidget* parent)
    : ComputedView(QStringLiteral("mixing"), tr("Mixing by depth"), session, parent)
{
    renew();
}

std::vector<MixingView::Layer> MixingView::layersOf(
    const Trace& trace, std::size_t step, const StopToken& stop)
{
    std::vector<Layer> layers;
    for (const Mixer& mixer : mixersOf(trace, step)) {
        stop.check();
        Layer layer{mixer, analysis::mixingDistance(*mixer.record), {}, NAN};
        const auto values = layer.mixing.value.toDoubles();
        for (std::size_t i = 2; i < values.size(); i += 3)
            layer.relative.push_back(values[i]);
        layer.median = medianOf(layer.relative);
        layers.push_back(std::move(layer));
    }
    return layers;
}

void MixingView::renew()
{
    const Change change = changeOfRun();
    if (change == Change::None)
        return;
    if (change == Change::Run)
        layers_.clear();
    const TracePtr& trace = session().slot().trace();
    if (!trace)
        return stop();
    begin([trace, step = session().selection().step](
              const Job::Context& context) { return layersOf(*trace, step, context.stop); },
        [this](std::vector<Layer> layers) { layers_ = std::move(layers); });
}

QString MixingView::missing() const
{
    if (std::ranges::any_of(layers_, [](const Layer& layer) { return std::isfinite(layer.median); }))
        return {};
    return missingRun(session(),
        reason(tr("Measuring how far blocks mix."),
            tr("Nothing here mixes tokens that have places by filters or attention.")));
}

int MixingView::chosen() const
{
    std::vector<Mixer> mixers;
    for (const Layer& layer : layers_)
        mixers.push_back(layer.mixer);
    return chosenMixer(mixers, session().selection());
}

PlotFrame MixingView::frameIn(const QRectF& body, const Style& style) const
{
    double most = 1, first = INFINITY, last = 0;
    for (const Layer& layer : layers_) {
        first = std::min<double>(first, layer.mixer.number);
        last = std::max<double>(last, layer.mixer.number);
        for (const double value : layer.relative)
            most = std::isfinite(value) ? std::max(most, value) : most;
    }
    AxisSpec x{tr("layer"), first - 0.5, last + 0.5};
    x.whole = true;
    const AxisSpec y{tr("distance / uniform"), 0, 1.08 * most};
    return PlotFrame::within(body.adjusted(0, 1.6 * style.smallTextSize, 0, 0), x, y, style);
}

QPointF MixingView::placeOf(const PlotFrame& frame, int layer, int item) const
{
    const Layer& at = layers_[static_cast<std::size_t>(layer)];
    const double value = at.relative[static_cast<std::size_t>(item)];
    const double beside = (item + 0.5) / static_cast<double>(at.relative.size()) - 0.5;
    return frame.at(at.mixer.number + spread * beside, std::isfinite(value) ? value : 0);
}

void MixingView::drawLayer(QPainter& painter, const PlotFrame& frame, int layer, const Style& style) const
{
    const Layer& at = layers_[static_cast<std::size_t>(layer)];
    const double size = (at.relative.size() > 32 ? 0.22 : 0.5) * style.textSize;
    QColor color = curveColor(at.mixer.isFilter() ? 0 : 1, style.ground);
    color.setAlphaF(at.relative.size() > 32 ? 0.55F : 0.9F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    for (int item = 0; item < static_cast<int>(at.relative.size()); ++item) {
        if (!std::isfinite(at.relative[static_cast<std::size_t>(item)]))
            continue;
        const QRectF mark(placeOf(frame, layer, item) - QPointF(size, size) / 2, QSizeF(size, size));
        if (at.mixer.isFilter())
            painter.drawEllipse(mark);
        else
            painter.drawRect(mark);
    }
}

void MixingView::drawLegend(QPainter& painter, const QRectF& line, const Style& style) const
{
    double left = line.left();
    for (const bool isFilter : {true, false}) {
        if (std::ranges::none_of(
                layers_, [&](const Layer& layer) { return layer.mixer.isFilter() == isFilter; }))
            continue;
        const QString name = isFilter ? tr("channels of filters") : tr("heads of attention");
        const double size = 0.5 * style.textSize;
        const QRectF mark(left, line.center().y() - size / 2, size, size);
        painter.setPen(Qt::NoPen);
        painter.setBrush(curveColor(isFilter ? 0 : 1, style.ground));
        isFilter ? painter.drawEllipse(mark) : painter.drawRect(mark);
        painter.setPen(style.ink);
        const double room = textWidth(name, style.smallFont(), style.unitsPerInch);
        paintText(painter, {mark.right() + style.gap, line.top(), room + style.gap, line.height()},
            Qt::AlignLeft | Qt::AlignVCenter, name, style.smallFont());
        left = mark.right() + 4 * style.gap + room;
    }
}

void MixingView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const PlotFrame frame = frameIn(body, style);
    paintLevel(painter, frame, 1, {style.faint, style.axisWidth, Qt::DashLine});
    std::vector<double> x, medians;
    for (int layer = 0; layer < static_cast<int>(layers_.size()); ++layer) {
        drawLayer(painter, frame, layer, style);
        x.push_back(layers_[static_cast<std::size_t>(layer)].mixer.number);
        medians.push_back(layers_[static_cast<std::size_t>(layer)].median);
    }
    paintCurve(painter, frame, x, medians, {style.ink, 1.5 * style.lineWidth});
    for (std::size_t i = 0; i < x.size(); ++i)
        if (std::isfinite(medians[i]))
            paintPoint(painter, frame, x[i], medians[i], {style.ink, 0.5 * style.textSize});
    if (const QPoint cell = current(); cell != none
        && std::isfinite(
            layers_[static_cast<std::size_t>(cell.y())].relative[static_cast<std::size_t>(cell.x())])) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(style.accent, 2 * style.lineWidth));
        const double ring = 0.5 * style.textSize;
        painter.drawEllipse(placeOf(frame, cell.y(), cell.x()), ring, ring);
    }
    paintAxes(painter, frame, style);
    drawLegend(
        painter, {frame.area.left(), body.top(), frame.area.width(), 1.6 * style.smallTextSize}, style);
}

QString MixingView::caption() const
{
    const QPoint cell = missing().isEmpty() ? current() : none;
    return cell == none ? QString() : cellText(cell);
}

QStringList MixingView::badges() const
{
    return {tr("line: medians"), tr("1: all tokens alike"),
        tr("filters: k² on the torus; attention: patches, plain distance")};
}

std::vector<Record> MixingView::data() const
{
    std::vector<Record> all;
    for (const Layer& layer : layers_)
        all.push_back(layer.mixing);
    return all;
}

QSize MixingView::cells() const
{
    std::size_t most = 0;
    for (const Layer& layer : layers_)
        most = std::max(most, layer.relative.size());
    return {static_cast<int>(most), static_cast<int>(layers_.size())};
}

QPoint MixingView::current() const
{
    const int layer = chosen();
    if (layer < 0)
        return none;
    const Layer& at = layers_[static_cast<std::size_t>(layer)];
    const Selection& s = session().selection();
    const int item = at.mixer.isFilter() ? s.channel : s.head;
    return {std::clamp(item, 0, static_cast<int>(at.relative.size()) - 1), layer};
}

void MixingView::goTo(QPoint cell)
{
    const Layer& at = layers_[static_cast<std::size_t>(cell.y())];
    if (cell.x() >= static_cast<int>(at.relative.size()))
        return;
    Selection there = withMixer(session().selection(), at.mixer);
    (at.mixer.isFilter() ? there.channel : there.head) = cell.x();
    if (!at.mixer.isFilter())
        there.reading = HeadReading::One;
    session().setSelection(there);
}

QString MixingView::cellText(QPoint cell) const
{
    const Layer& at = layers_[static_cast<std::size_t>(cell.y())];
    const QString name = (at.mixer.isFilter() ? tr("%1, channel %2") : tr("%1, head %2"))
                             .arg(rowName(cell.y()))
                             .arg(cell.x());
    if (cell.x() >= static_cast<int>(at.relative.size()))
        return tr("%1: there is none").arg(name);
    const double value = at.relative[static_cast<std::size_t>(cell.x())];
    if (!std::isfinite(value))
        return tr("%1: no number").arg(name);
    return tr("%1: %2 of uniform mixing").arg(name, numberText(value, 3));
}

QString MixingView::columnName(int column) const { return tr("channel or head %1").arg(column); }

QString MixingView::rowName(int row) const
{
    return layerMark(layers_[static_cast<std::size_t>(row)].mixer.number);
}

QRectF MixingView::cellRect(QPoint cell) const
{
    const auto items = static_cast<int>(layers_[static_cast<std::size_t>(cell.y())].relative.size());
    const QPointF place = placeOf(frameIn(body(), screenStyle()), cell.y(), std::min(cell.x(), items - 1));
    return {place - QPointF(4, 4), QSizeF(8, 8)};
}

QPoint MixingView::cellAt(QPointF point) const
{
    QPoint best = none;
    double least = 10; // pixels
    const PlotFrame frame = layers_.empty() ? PlotFrame() : frameIn(body(), screenStyle());
    for (int layer = 0; layer < static_cast<int>(layers_.size()); ++layer) {
        const Layer& at = layers_[static_cast<std::size_t>(layer)];
        for (int item = 0; item < static_cast<int>(at.relative.size()); ++item) {
            if (!std::isfinite(at.relative[static_cast<std::size_t>(item)]))
                continue;
            const QPointF way = placeOf(frame, layer, item) - point;
            if (const double far = std::hypot(way.x(), way.y()); far < least) {
                least = far;
                best = QPoint(item, layer);
            }
        }
    }
    return best;
}

}
