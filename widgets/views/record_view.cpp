// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/record_view.h"

#include "widgets/plots/painters.h"
#include "widgets/views/reading.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <complex>

namespace fovea {

namespace {

Index within(int value, Index extent) { return std::clamp<Index>(value, 0, std::max<Index>(0, extent - 1)); }

/// [row, column] of a record at the selected group, head or channel.
Tensor sliceOf(const Record& record, const Selection& s)
{
    if (record.kind() == Kind::Attention) {
        const Shape shape = shapeOf(record);
        return attentionMap(record,
            {static_cast<int>(within(s.group, shape[0])), static_cast<int>(within(s.head, shape[1]))});
    }
    Tensor value = record.value;
    const int chosen = record.kind() == Kind::Heads ? s.head : s.channel;
    while (value.rank() > 2)
        value = value.at(within(chosen, value.dim(0)));
    return value.rank() == 2 ? value : value.reshaped({1, value.count()});
}

/// A map as large as fits, its colour bar at the right, names of its axes at the left and below.
void paintSlice(QPainter& painter, const QRectF& rect, const Tensor& map, const ValueScale& scale,
    const QStringList& axes, const Style& style)
{
    const double label = axes.isEmpty() ? 0 : 1.6 * style.smallTextSize;
    const double bar = colorBarWidth(scale, rect.height(), style) + style.gap;
    const QRectF room = rect.adjusted(label, 0, -bar, -label);
    const double aspect
        = static_cast<double>(map.dim(0)) / static_cast<double>(std::max<Index>(1, map.dim(1)));
    QSizeF size(room.width(), room.width() * aspect);
    if (size.height() > room.height())
        size = {room.height() / aspect, room.height()};
    if (aspect > 2.5 || aspect < 0.4) // tokens by channels: the shape gives way to what can be seen
        size = room.size();
    const QRectF at(room.topLeft(), size);
    paintMap(painter, at, mapImage(map, scale), style);
    paintColorBar(painter, {at.right() + style.gap, at.top(), bar, at.height()}, scale, style);
    if (axes.isEmpty())
        return;
    painter.setPen(style.ink);
    paintTextUpwards(
        painter, {rect.left(), at.top(), label, at.height()}, Qt::AlignCenter, axes[0], style.smallFont());
    paintText(
        painter, {at.left(), at.bottom(), at.width(), label}, Qt::AlignCenter, axes[1], style.smallFont());
}

QString axisName(const Record& record, std::size_t fromEnd)
{
    const auto names = axesOf(record.kind());
    if (names.size() < fromEnd)
        return {};
    const std::string_view name = names[names.size() - fromEnd];
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

}

RecordView::RecordView(Session& session, QWidget* parent)
    : View(QStringLiteral("record"), tr("Signal"), session, parent)
{
    connect(&session, &Session::recordFetched, this, [this] { update(); });
}

QString RecordView::missing() const
{
    const std::string& path = session().selection().record;
    if (path.empty())
        return tr("Choose a signal in the trace to see it here.");
    if (!record())
        return tr("%1 is being recorded.").arg(QString::fromStdString(path));
    return {};
}

QString RecordView::caption() const
{
    const RecordPtr now = record();
    if (!now)
        return {};
    QString text = QString::fromStdString(now->path()) + QStringLiteral("  ")
        + QString::fromStdString(shapeOf(*now).text());
    if (!now->finite)
        text += tr(" · holds NaN or infinity");
    return text;
}

std::vector<Record> RecordView::data() const
{
    const RecordPtr now = record();
    return now ? std::vector<Record>{*now} : std::vector<Record>();
}

ValueScale RecordView::scaleOf(const Tensor& values) const
{
    ValueScale scale;
    ValueRange range;
    range.include(values);
    const bool isSigned = range.min < 0;
    scale.colors = &ColorMap::named(
        isSigned ? ColorMap::names(ColorMap::Kind::Diverging).first() : session().display().colors);
    const RecordPtr now = record();
    scale.quantity = QString::fromStdString(now->info.role.empty() ? now->path() : now->info.role);
    scale.unit = QString::fromStdString(now->info.unit);
    scale.mode = ScaleMode::Map;
    scale.logarithmic = session().display().logarithmic && !isSigned;
    scale.fit(range);
    return scale;
}

void HeatMapView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const RecordPtr now = record();
    const Tensor map = sliceOf(*now, session().selection());
    paintSlice(painter, body, map, scaleOf(map), {axisName(*now, 2), axisName(*now, 1)}, style);
}

QString HeatMapView::caption() const
{
    const RecordPtr now = record();
    const bool hasHeads = now && (now->kind() == Kind::Attention || now->kind() == Kind::Heads);
    return hasHeads ? tr("%1 · head %2").arg(RecordView::caption()).arg(session().selection().head)
                    : RecordView::caption();
}

QStringList HeatMapView::badges() const { return {scaleBadge(ScaleMode::Map)}; }

void ChannelView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const Tensor map = sliceOf(*record(), session().selection());
    paintSlice(painter, body, map, scaleOf(map), {}, style);
}

QString ChannelView::caption() const
{
    const RecordPtr now = record();
    return now ? tr("%1 · channel %2")
                     .arg(RecordView::caption())
                     .arg(within(session().selection().channel, now->value.dim(0)))
               : QString();
}

QStringList ChannelView::badges() const { return {scaleBadge(ScaleMode::Map)}; }

double FilterView::heightFor(double width, const Style& style) const
{
    return width / 2 + 3 * style.textSize;
}

void FilterView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const Tensor value = sliceOf(*record(), session().selection());
    if (value.dtype() != DType::C64) {
        paintSlice(painter, body, value, scaleOf(value), {}, style);
        return;
    }
    Tensor magnitude(value.shape()), phase(value.shape());
    const auto in = value.values<std::complex<float>>();
    const auto m = magnitude.writable(), p = phase.writable();
    for (std::size_t i = 0; i < in.size(); ++i) {
        m[i] = std::abs(in[i]);
        p[i] = std::arg(in[i]);
    }
    ValueScale turn;
    turn.quantity = tr("phase");
    turn.unit = tr("rad");
    turn.colors = &ColorMap::named(ColorMap::names(ColorMap::Kind::Cyclic).first());
    ValueRange range;
    range.include(phase);
    turn.fit(range);
    ValueScale size = scaleOf(magnitude);
    size.quantity = tr("magnitude");
    const double half = body.width() / 2;
    paintSlice(painter, body.adjusted(0, 0, -half - style.gap, 0), magnitude, size, {}, style);
    paintSlice(painter, body.adjusted(half + style.gap, 0, 0, 0), phase, turn, {}, style);
}

QString FilterView::caption() const
{
    const RecordPtr now = record();
    if (!now)
        return {};
    return tr("%1 · channel %2 · %3")
        .arg(RecordView::caption())
        .arg(within(session().selection().channel, now->value.dim(0)))
        .arg(QString::fromStdString(now->info.domain));
}

void KeepView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const RecordPtr now = record();
    TokenMap map;
    map.tokens = now->queries.get();
    const auto values = now->value.toDoubles();
    const auto fields = static_cast<std::size_t>(now->value.dim(1));
    for (std::size_t token = 0; token * fields < values.size(); ++token) {
        const bool isKept = fields < 2 || values[token * fields + 1] > 0.5;
        map.values.push_back(isKept ? static_cast<float>(values[token * fields]) : NAN);
    }
    map.picture = inputPicture(session().slot());
    map.scale = scaleOf(Tensor::of<float>({static_cast<Index>(map.values.size())}, map.values));
    map.scale.quantity = tr("score of kept tokens");
    map.opacity = session().display().opacity;
    map.grid = session().display().grid;
    map.anchorTokens = map.tokens;
    if (!map.picture.isNull()) { // what was dropped is dark
        QPainter dim(&map.picture);
        dim.fillRect(map.picture.rect(), QColor(0, 0, 0, 150));
    }
    paintTokenMap(painter, body, map, style);
}

QStringList KeepView::badges() const { return {tr("dropped tokens are dark"), scaleBadge(ScaleMode::Map)}; }

}
