// How the brush's pictures and numbers are drawn.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/color_bar.h"
#include "widgets/plots/painters.h"
#include "widgets/plots/text.h"
#include "widgets/views/filter_brush_view.h"
#include "widgets/views/reading.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

ValueScale scaleOf(ColorMap::Kind kind, const QString& quantity, std::initializer_list<const Tensor*> maps)
{
    ValueScale scale;
    scale.quantity = quantity;
    scale.colors = &ColorMap::named(ColorMap::names(kind).first());
    ValueRange range;
    for (const Tensor* map : maps)
        if (map->defined())
            range.include(*map);
    scale.fit(range);
    return scale;
}

/// Below a line of text, as large as its proportions allow; a bar lies beneath.
QRectF mapRoom(const QRectF& rect, const Tensor& map, const ValueScale& scale, const Style& style)
{
    const double title = 1.5 * style.smallTextSize;
    const QRectF room = rect.adjusted(0, title, 0, -lyingBarHeight(scale, style) - style.gap);
    const double aspect = static_cast<double>(map.dim(0)) / static_cast<double>(map.dim(1));
    return {room.topLeft(), QSizeF(1, aspect).scaled(room.size(), Qt::KeepAspectRatio)};
}

/// The whole text, or a briefer one where it has no room.
QString fitting(const QString& whole, const QString& brief, double room, const Style& style)
{
    return textWidth(whole, style.smallFont(), style.unitsPerInch) <= room ? whole : brief;
}

void paintTitle(QPainter& painter, const QRectF& rect, const QString& text, const Style& style)
{
    painter.setPen(style.ink);
    paintText(painter, {rect.left(), rect.top(), rect.width(), 1.5 * style.smallTextSize},
        Qt::AlignLeft | Qt::AlignVCenter, text, style.smallFont());
}

void paintPanel(QPainter& painter, const QRectF& rect, const QString& title, const Tensor& map,
    const ValueScale& scale, const Style& style)
{
    paintTitle(painter, rect, title, style);
    const QRectF area = mapRoom(rect, map, scale, style);
    paintMap(painter, area, mapImage(map, scale), style);
    const double width = std::min(rect.width(), std::max(area.width(), 10 * style.smallTextSize));
    paintLyingBar(
        painter, {area.left(), area.bottom() + style.gap, width, lyingBarHeight(scale, style)}, scale, style);
}

/// A row for each run, a column for each class: the logits, and what edits change of them.
Record logitsRecord(const std::string& path, const BrushLogits& logits)
{
    std::vector<Tensor> rows{logits.before};
    QStringList names{QStringLiteral("logit without edits")};
    if (logits.after.defined()) {
        rows.push_back(differenceOf(logits.after, logits.before));
        names << QStringLiteral("change by the edits");
    }
    for (const auto* changes : {&logits.controls.number, &logits.controls.energy})
        for (std::size_t seed = 0; seed < changes->size() && logits.controls.isKnown(); ++seed) {
            rows.push_back((*changes)[seed]);
            names << (changes == &logits.controls.number ? QStringLiteral("change, equal number %1")
                                                         : QStringLiteral("change, equal energy %1"))
                         .arg(seed);
        }
    Tensor all({static_cast<Index>(rows.size()), logits.before.count()});
    auto to = all.writable().begin();
    for (const Tensor& row : rows)
        to = std::ranges::copy(row.values<float>(), to).out;
    Record record = namedRecord(path, Kind::Matrix, all, "logits and their changes");
    nameAxis(record, 0, "runs", names);
    QStringList classes;
    for (int label = 0; label < logits.before.count(); ++label)
        classes << logits.name(label);
    nameAxis(record, 1, "class", classes);
    return record;
}

/// Before, after and their difference.
void paintTriple(QPainter& painter, const QRectF* rects, const Tensor& before, const Tensor& after,
    const QString& name, bool diverging, const Style& style)
{
    const ValueScale shared = scaleOf(
        diverging ? ColorMap::Kind::Diverging : ColorMap::Kind::Sequential, QString(), {&before, &after});
    const Tensor difference = differenceOf(after, before);
    double squared = 0, whole = 0;
    for (std::size_t i = 0; i < difference.values<float>().size(); ++i) {
        squared += std::pow(static_cast<double>(difference.values<float>()[i]), 2);
        whole += std::pow(static_cast<double>(before.values<float>()[i]), 2);
    }
    paintPanel(painter, rects[0],
        fitting(FilterBrushView::tr("%1 before").arg(name), name, rects[0].width(), style), before, shared,
        style);
    paintPanel(painter, rects[1], FilterBrushView::tr("after"), after, shared, style);
    const QString share = FilterBrushView::tr("%1 %").arg(100 * std::sqrt(squared / whole), 0, 'f', 1);
    const QString title = whole > 0 ? fitting(FilterBrushView::tr("difference, %1").arg(share),
                              FilterBrushView::tr("Δ %1").arg(share), rects[2].width(), style)
                                    : FilterBrushView::tr("difference");
    paintPanel(painter, rects[2], title, difference,
        scaleOf(ColorMap::Kind::Diverging, QString(), {&difference}), style);
}

double gapOf(const Style& style) { return 2 * style.gap + 4; }

double leftWidth(const QRectF& body, const Style& style) { return 0.44 * (body.width() - gapOf(style)); }

BrushLogitsRoom logitsRoom(const QRectF& body, const Style& style)
{
    return BrushLogitsRoom::in(QSizeF(leftWidth(body, style), body.height()), style);
}

ValueScale magnitudeScale(const Display& display, const Tensor& magnitude)
{
    ValueRange range;
    range.include(magnitude);
    return sequentialScale(display, QString(), {range, range, range}); // the title says what it is
}

}

QRectF FilterBrushView::bodyBelowBar(const QRectF& body) const
{
    return body.adjusted(0, bar_->sizeHint().height() + 8, 0, 0);
}

/// The plane, the numbers, and two rows of before, after and difference.
std::array<QRectF, 8> FilterBrushView::panels(const QRectF& body, const Style& style) const
{
    const double gap = gapOf(style);
    const double left = leftWidth(body, style), numbers = logitsRoom(body, style).height;
    std::array<QRectF, 8> all;
    all[0] = QRectF(body.left(), body.top(), left, body.height() - numbers - gap);
    all[1] = QRectF(body.left(), body.bottom() - numbers, left, numbers);
    const double width = (body.width() - left - 3 * gap) / 3, height = (body.height() - gap) / 2;
    for (int i = 0; i < 6; ++i)
        all[static_cast<std::size_t>(2 + i)] = QRectF(body.left() + left + gap + i % 3 * (width + gap),
            body.top() + i / 3 * (height + gap), width, height);
    return all;
}

QRectF FilterBrushView::planeArea() const
{
    const Style style = screenStyle();
    return mapRoom(panels(bodyBelowBar(body()), style)[0], pictures_.before.magnitude,
        magnitudeScale(session().display(), pictures_.before.magnitude), style);
}

void FilterBrushView::drawPlane(QPainter& painter, const QRectF& rect, const Style& style) const
{
    const ValueScale scale = magnitudeScale(session().display(), pictures_.before.magnitude);
    paintPanel(painter, rect,
        fitting(tr("magnitude, ±.5 cycles per token"), tr("magnitude"), rect.width(), style),
        pictures_.after.magnitude, scale, style);
    const CellLattice plane{mapRoom(rect, pictures_.before.magnitude, scale, style), cells()};
    const auto isIn = [&](int x, int y) {
        return !pictures_.region.empty() && QRect(QPoint(), cells()).contains(x, y)
            && pictures_.region[static_cast<std::size_t>(binOf({x, y}))] != 0;
    };
    for (const bool isGround : {true, false}) { // seen on light and dark
        painter.setPen(QPen(isGround ? QColor(Qt::white) : style.accent,
            (isGround ? 3 : 1.6) * style.lineWidth, Qt::SolidLine, Qt::SquareCap));
        for (int y = 0; y < cells().height(); ++y)
            for (int x = 0; x < cells().width(); ++x) {
                if (!isIn(x, y))
                    continue;
                const QRectF cell = plane.rectOf({x, y});
                if (isGround)
                    painter.fillRect(
                        cell, QColor(style.accent.red(), style.accent.green(), style.accent.blue(), 70));
                if (!isIn(x - 1, y))
                    painter.drawLine(cell.topLeft(), cell.bottomLeft());
                if (!isIn(x + 1, y))
                    painter.drawLine(cell.topRight(), cell.bottomRight());
                if (!isIn(x, y - 1))
                    painter.drawLine(cell.topLeft(), cell.topRight());
                if (!isIn(x, y + 1))
                    painter.drawLine(cell.bottomLeft(), cell.bottomRight());
            }
    }
    if (painter.device() == this && hasFocus() && holds(cursor_))
        paintOutline(painter, plane.rectOf(cursor_), style);
}

void FilterBrushView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const QRectF inner = painter.device() == this ? bodyBelowBar(body) : body;
    const auto at = panels(inner, style);
    drawPlane(painter, at[0], style);
    if (const Slot& slot = session().slot(); slot.base && areLogits(slot.base->output))
        paintLogits(painter, at[1], logitsOf(slot, effects_), logitsRoom(inner, style), style);
    paintTriple(painter, &at[2], pictures_.before.kernel, pictures_.after.kernel, tr("kernel"), true, style);
    if (mapBefore_.defined() && mapAfter_.defined())
        paintTriple(painter, &at[5], mapBefore_, mapAfter_, tr("filtered"), true, style);
}

double FilterBrushView::heightFor(double width, const Style& style) const
{
    const bool isTight = logitsRoom(QRectF(0, 0, width, width), style).isTight;
    return (isTight ? 0.85 : 0.62) * width + frameHeight(width, style);
}

std::vector<Record> FilterBrushView::data() const
{
    if (!missing().isEmpty())
        return {};
    const std::string path = shows_.path + "." + std::to_string(shows_.channel);
    std::vector<Record> all;
    const auto add = [&](const char* leaf, const Tensor& value, const char* role) {
        if (value.defined())
            all.push_back(namedRecord(path + leaf, Kind::Matrix, value, role));
    };
    add(".magnitude.before", pictures_.before.magnitude, "magnitude");
    add(".magnitude.after", pictures_.after.magnitude, "magnitude");
    add(".kernel.before", pictures_.before.kernel, "kernel");
    add(".kernel.after", pictures_.after.kernel, "kernel");
    add(".filtered.before", mapBefore_, "filtered map");
    add(".filtered.after", mapAfter_, "filtered map");
    if (const TracePtr& base = session().slot().base; base && areLogits(base->output))
        all.push_back(logitsRecord(path + ".logits", logitsOf(session().slot(), effects_)));
    return all;
}

}
