// The record views that are maps: matrices, channels, filters, kept tokens.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/color_bar.h"
#include "widgets/plots/painters.h"
#include "widgets/views/core_text.h"
#include "widgets/views/input_picture.h"
#include "widgets/views/reading.h"
#include "widgets/views/record_view.h"

#include <QPainter>

#include <algorithm>
#include <complex>

namespace fovea {

namespace {

/// Magnitude and phase of a complex slice.
std::pair<Tensor, Tensor> polar(const Tensor& value)
{
    Tensor magnitude(value.shape()), phase(value.shape());
    const auto in = value.values<std::complex<float>>();
    const auto m = magnitude.writable(), p = phase.writable();
    for (std::size_t i = 0; i < in.size(); ++i) {
        m[i] = std::abs(in[i]);
        p[i] = std::arg(in[i]);
    }
    return {magnitude, phase};
}

/// Side by side two maps with their axes and colour bars have no room below that width: they are stacked.
bool isNarrow(double width, const Style& style) { return width < 32 * style.textSize; }

/// Where magnitude and phase are drawn.
std::pair<QRectF, QRectF> halves(const QRectF& body, const Style& style)
{
    const double half = body.width() / 2, part = body.height() / 2;
    if (isNarrow(body.width(), style) && body.height() > body.width())
        return {body.adjusted(0, 0, 0, -part - style.gap / 2), body.adjusted(0, part + style.gap / 2, 0, 0)};
    return {body.adjusted(0, 0, -half - style.gap, 0), body.adjusted(half + style.gap, 0, 0, 0)};
}

ValueScale magnitudeScale(ValueScale scale)
{
    scale.quantity = FilterView::tr("magnitude");
    return scale;
}

}

PlotFrame RecordView::mapFrame(
    const QRectF& rect, const Tensor& map, const ValueScale& scale, const Style& style) const
{
    QStringList columns, rows;
    for (int column = 0; column < static_cast<int>(map.dim(1)); ++column)
        columns.append(columnMark(column));
    for (int row = 0; row < static_cast<int>(map.dim(0)); ++row)
        rows.append(rowMark(row));
    const QRectF rest = ColorBarRoom::in(rect, scale, style).rest(rect);
    AxisSpec y = AxisSpec::ofCells(axisName(2), rows.size(), rows);
    y.downward = true;
    PlotFrame frame
        = PlotFrame::within(rest, AxisSpec::ofCells(axisName(1), columns.size(), columns), y, style);
    const double aspect
        = static_cast<double>(map.dim(0)) / static_cast<double>(std::max<Index>(1, map.dim(1)));
    if (aspect > 2.5 || aspect < 0.4) // tokens by channels: the shape gives way to what can be seen
        return frame;
    const QSizeF size = QSizeF(1, aspect).scaled(frame.area.size(), Qt::KeepAspectRatio);
    frame.area = QRectF(frame.area.topLeft()
            + QPointF(frame.area.width() - size.width(), frame.area.height() - size.height()) / 2,
        size);
    return frame;
}

void RecordView::paintSlice(QPainter& painter, const QRectF& rect, const Tensor& map, const ValueScale& scale,
    const Style& style) const
{
    const PlotFrame frame = mapFrame(rect, map, scale, style);
    paintMap(painter, frame.area, mapImage(map, scale), style);
    paintAxes(painter, frame, style, true);
    painter.setPen(style.ink);
    ColorBarRoom::in(rect, scale, style).paint(painter, frame.area, rect, scale, style);
}

void HeatMapView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const Tensor map = table();
    paintSlice(painter, body, map, scaleOf(map), style);
}

QRectF HeatMapView::latticeArea() const
{
    const Tensor map = table();
    return mapFrame(body(), map, scaleOf(map), screenStyle()).area;
}

QString HeatMapView::caption() const
{
    const RecordPtr now = record();
    const Selection& s = session().selection();
    if (now && now->kind() == Kind::Grid)
        return tr("%1 · channel %2").arg(RecordView::caption()).arg(within(s.channel, now->value.dim(0)));
    if (!now || (now->kind() != Kind::Attention && now->kind() != Kind::Heads))
        return RecordView::caption();
    const Shape shape = shapeOf(*now);
    const QString head = tr("%1 · head %2")
                             .arg(RecordView::caption())
                             .arg(within(s.head, shape[now->kind() == Kind::Attention ? 1 : 0]));
    return now->kind() == Kind::Attention && shape[0] > 1
        ? tr("%1 · window %2 of %3").arg(head).arg(within(s.group, shape[0]) + 1).arg(shape[0])
        : head;
}

QStringList HeatMapView::badges() const { return {scaleBadge(ScaleMode::Map)}; }

double FilterView::heightFor(double width, const Style& style) const
{
    const RecordPtr now = record();
    if (!now || now->value.dtype() != DType::C64 || !isNarrow(width, style))
        return width / 2 + (ColorBarRoom::isNarrow(width / 2, style) ? 6 : 3) * style.textSize;
    const double aspect = static_cast<double>(now->value.dim(-2)) / static_cast<double>(now->value.dim(-1)),
                 map = std::max(0.0, width - 6 * style.textSize) * std::clamp(aspect, 0.5, 1.25);
    return 2 * (map + 9 * style.textSize) + frameHeight(width, style); // beside and below: axes, colour bars
}

void FilterView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const Tensor value = table();
    if (value.dtype() != DType::C64) {
        paintSlice(painter, body, value, scaleOf(value), style);
        return;
    }
    const auto [magnitude, phase] = polar(value);
    ValueScale turn;
    turn.quantity = tr("phase");
    turn.unit = tr("rad");
    turn.colors = &ColorMap::named(ColorMap::names(ColorMap::Kind::Cyclic).first());
    ValueRange range;
    range.include(phase);
    turn.fit(range);
    const auto [first, second] = halves(body, style);
    paintSlice(painter, first, magnitude, magnitudeScale(scaleOf(magnitude)), style);
    paintSlice(painter, second, phase, turn, style);
}

QRectF FilterView::latticeArea() const
{
    const Tensor value = table();
    const Style style = screenStyle();
    if (value.dtype() != DType::C64)
        return mapFrame(body(), value, scaleOf(value), style).area;
    const Tensor magnitude = polar(value).first;
    return mapFrame(halves(body(), style).first, magnitude, magnitudeScale(scaleOf(magnitude)), style).area;
}

QString FilterView::cellText(QPoint cell) const
{
    const Tensor row = table().at(cell.y());
    if (row.dtype() != DType::C64)
        return RecordView::cellText(cell);
    const auto value = row.values<std::complex<float>>()[static_cast<std::size_t>(cell.x())];
    return tr("%1, %2, magnitude %3, phase %4 rad")
        .arg(rowName(cell.y()), columnName(cell.x()), numberText(static_cast<double>(std::abs(value)), 3),
            numberText(static_cast<double>(std::arg(value)), 3));
}

QString FilterView::caption() const
{
    const RecordPtr now = record();
    if (!now)
        return {};
    return tr("%1 · channel %2 · %3")
        .arg(RecordView::caption())
        .arg(within(session().selection().channel, now->value.dim(0)))
        .arg(coreText(now->info.domain));
}

QStringList FilterView::badges() const { return {scaleBadge(ScaleMode::Map)}; }

TokenMap KeepView::map() const
{
    const RecordPtr now = record();
    TokenMap map;
    map.tokens = map.anchorTokens = now->queries.get();
    const auto values = now->value.toDoubles();
    const auto fields = static_cast<std::size_t>(now->value.dim(1));
    for (std::size_t token = 0; token * fields < values.size(); ++token) {
        map.values.values.push_back(static_cast<float>(values[token * fields]));
        map.values.isMet.push_back(fields < 2 || values[token * fields + 1] > 0.5);
    }
    std::vector<float> kept;
    for (std::size_t token = 0; token < map.values.values.size(); ++token)
        if (map.values.isMet[token])
            kept.push_back(map.values.values[token]);
    map.scale = scaleOf(Tensor::of<float>({static_cast<Index>(kept.size())}, kept));
    map.scale.quantity = tr("score of kept tokens");
    map.picture = inputPicture(session().slot());
    map.opacity = session().display().opacity;
    map.grid = session().display().grid;
    if (!map.picture.isNull()) { // what was dropped is dark
        QPainter dim(&map.picture);
        dim.fillRect(map.picture.rect(), QColor(0, 0, 0, 150));
    }
    return map;
}

void KeepView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    paintTokenMap(painter, body, map(), style);
}

QString KeepView::cellText(QPoint cell) const
{
    const TokenMap now = map();
    const int token = TokenCells{now.tokens}.tokenAt(cell);
    const auto index = static_cast<std::size_t>(token);
    if (token < 0)
        return tr("no token");
    return tr("%1, %2, score %3")
        .arg(tokenName(*now.tokens, token), now.values.meets(index) ? tr("kept") : tr("dropped"),
            numberText(static_cast<double>(now.values.values[index]), 3));
}

QRectF KeepView::cellRect(QPoint cell) const
{
    const TokenMap now = map();
    return TokenMapPlaces::within(body(), now, screenStyle()).rectOf(cell, now);
}

QPoint KeepView::cellAt(QPointF point) const
{
    const TokenMap now = map();
    return TokenMapPlaces::within(body(), now, screenStyle()).cellAt(point, now);
}

QStringList KeepView::badges() const
{
    return QStringList{tr("dropped tokens are dark")} + pictureBadges(session().slot())
        + QStringList{scaleBadge(ScaleMode::Map)};
}

}
