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

/// A map below its title. Returns where it lies.
QRectF paintPanel(QPainter& painter, const QRectF& rect, const QString& title, const Tensor& map,
    const ValueScale& scale, const Style& style)
{
    paintTitle(painter, rect, title, style);
    const QRectF area = mapRoom(rect, map, scale, style);
    paintMap(painter, area, mapImage(map, scale), style);
    return area;
}

/// Below maps, from the left one's edge to `right`.
void paintBarBelow(
    QPainter& painter, const QRectF& map, double right, const ValueScale& scale, const Style& style)
{
    paintLyingBar(painter,
        {map.left(), map.bottom() + style.gap, right - map.left(), lyingBarHeight(scale, style)}, scale,
        style);
}

/// The root mean square of a difference over that of what it is from; NaN: that is 0.
double shareOf(const Tensor& difference, const Tensor& before)
{
    double squared = 0, whole = 0;
    for (std::size_t i = 0; i < difference.values<float>().size(); ++i) {
        squared += std::pow(static_cast<double>(difference.values<float>()[i]), 2);
        whole += std::pow(static_cast<double>(before.values<float>()[i]), 2);
    }
    return whole > 0 ? std::sqrt(squared / whole) : NAN;
}

QString differenceTitle(double share, double room, const Style& style)
{
    if (std::isnan(share))
        return FilterBrushView::tr("difference");
    const QString percent = FilterBrushView::tr("%1 %").arg(100 * share, 0, 'f', 1);
    return fitting(FilterBrushView::tr("difference, %1").arg(percent),
        FilterBrushView::tr("Δ %1").arg(percent), room, style);
}

/// Before and after above one bar, and their difference above its own.
void paintTriple(QPainter& painter, const QRectF* rects, const Tensor& before, const Tensor& after,
    const QString& name, const Style& style)
{
    const auto diverging = [](std::initializer_list<const Tensor*> maps) {
        return scaleOf(ColorMap::Kind::Diverging, QString(), maps);
    };
    const ValueScale shared = diverging({&before, &after});
    const QString first = fitting(FilterBrushView::tr("%1 before").arg(name), name, rects[0].width(), style);
    const QRectF left = paintPanel(painter, rects[0], first, before, shared, style),
                 right = paintPanel(painter, rects[1], FilterBrushView::tr("after"), after, shared, style);
    paintBarBelow(painter, left, right.right(), shared, style);
    const Tensor difference = differenceOf(after, before);
    const ValueScale own = diverging({&difference});
    const QString title = differenceTitle(shareOf(difference, before), rects[2].width(), style);
    const QRectF third = paintPanel(painter, rects[2], title, difference, own, style);
    paintBarBelow(painter, third, third.right(), own, style);
}

double gapOf(const Style& style) { return 2 * style.gap + 4; }

/// The plane stands at the left, two rows of three maps at the right. The numbers are below the maps where
/// these keep the width of their panels, else below the plane.
struct BrushColumns {
    double left = 0, panel = 0; ///< widths: of the plane's column, of one of three maps
    double row = 0; ///< the height of three maps with title and bar
    bool isBelowMaps = true;
    BrushLogitsRoom numbers;

    /// The maps' proportions are height over width.
    BrushColumns(const QSizeF& body, double aspect, const Style& style)
    {
        const double gap = gapOf(style);
        const auto split = [&](double share) {
            left = share * (body.width() - gap);
            panel = std::max(0.0, (body.width() - left - 3 * gap) / 3);
            row = around(style) + panel * aspect;
        };
        split(0.48);
        const double right = body.width() - left - gap, rest = body.height() - 2 * (row + gap);
        numbers = BrushLogitsRoom::in({right, rest}, style, 3);
        constexpr double slack = 1e-6; // heightFor() gives exactly that room
        isBelowMaps = numbers.height <= rest + slack;
        if (isBelowMaps)
            return;
        split(0.44);
        row = std::min(row, (body.height() - gap) / 2);
        numbers = BrushLogitsRoom::in({left, body.height() - around(style) - left * aspect - gap}, style, 2);
    }
    /// What a title and a bar take.
    static double around(const Style& style)
    {
        return 1.5 * style.smallTextSize + style.gap + lyingBarHeight({}, style);
    }
};

double aspectOf(const FrequencyPlane& plane)
{
    return plane.cols > 0 ? static_cast<double>(plane.rows) / static_cast<double>(plane.cols) : 1;
}

/// The ends stay while one drags: what edits raise beyond them the bar's arrow tells.
ValueScale magnitudeScale(const Display& display, const BrushPictures& pictures)
{
    ValueRange range;
    range.include(pictures.before.magnitude);
    ValueScale scale
        = sequentialScale(display, QString(), {range, range, range}); // the title says what it is
    scale.data.include(pictures.after.magnitude);
    return scale;
}

}

/// Above room for three lines of caption and badges: they come with a stroke, and the plane must not move
/// under the pointer.
QRectF FilterBrushView::bodyBelowBar(const QRectF& body) const
{
    const Style style = screenStyle();
    QRectF inner = body.adjusted(0, bar_->sizeHint().height() + 8, 0, 0);
    inner.setBottom(std::min(inner.bottom(), height() - style.gap - (0.6 + 3 * 1.4) * style.textSize));
    return inner;
}

/// The plane, the numbers, and two rows of before, after and difference.
std::array<QRectF, 8> FilterBrushView::panels(const QRectF& body, const Style& style) const
{
    const double gap = gapOf(style);
    const BrushColumns columns(body.size(), aspectOf(shows_.plane), style);
    const double right = body.left() + columns.left + gap, numbers = columns.numbers.height;
    std::array<QRectF, 8> all;
    all[0] = QRectF(
        body.left(), body.top(), columns.left, body.height() - (columns.isBelowMaps ? 0 : numbers + gap));
    all[1] = columns.isBelowMaps
        ? QRectF(right, body.top() + 2 * (columns.row + gap), body.right() - right, numbers)
        : QRectF(body.left(), body.bottom() - numbers, columns.left, numbers);
    for (int i = 0; i < 6; ++i)
        all[static_cast<std::size_t>(2 + i)] = QRectF(right + i % 3 * (columns.panel + gap),
            body.top() + static_cast<double>(i / 3) * (columns.row + gap), columns.panel, columns.row);
    return all;
}

QRectF FilterBrushView::planeArea() const
{
    const Style style = screenStyle();
    return mapRoom(panels(bodyBelowBar(body()), style)[0], pictures_.before.magnitude,
        magnitudeScale(session().display(), pictures_), style);
}

void FilterBrushView::drawPlane(QPainter& painter, const QRectF& rect, const Style& style) const
{
    const ValueScale scale = magnitudeScale(session().display(), pictures_);
    const QString title
        = fitting(tr("magnitude, ±.5 cycles per token"), tr("magnitude"), rect.width(), style);
    const CellLattice plane{
        paintPanel(painter, rect, title, pictures_.after.magnitude, scale, style), cells()};
    paintBarBelow(painter, plane.area, plane.area.right(), scale, style);
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
        paintLogits(painter, at[1], logitsOf(slot, effects_),
            BrushColumns(inner.size(), aspectOf(shows_.plane), style).numbers, style);
    paintTriple(painter, &at[2], pictures_.before.kernel, pictures_.after.kernel, tr("kernel"), style);
    if (mapBefore_.defined() && mapAfter_.defined())
        paintTriple(painter, &at[5], mapBefore_, mapAfter_, tr("filtered"), style);
}

double FilterBrushView::heightFor(double width, const Style& style) const
{
    const double aspect = aspectOf(shows_.plane), body = width - 2 * style.gap;
    const BrushColumns columns({body, 1e4}, aspect, style);
    const double numbers = BrushLogitsRoom::in({body - columns.left - gapOf(style), 0}, style, 3).height;
    return std::max(columns.left * aspect + BrushColumns::around(style),
               2 * (columns.row + gapOf(style)) + numbers)
        + frameHeight(width, style);
}

/// What the briefest texts mean.
QString FilterBrushView::tipAt(QPointF point)
{
    if (!missing().isEmpty())
        return View::tipAt(point);
    const auto at = panels(bodyBelowBar(body()), screenStyle());
    if (at[1].contains(point))
        return tr("Equal number, equal energy: the least and the most that the same edits change on random "
                  "coefficients, three draws each.");
    for (const std::size_t row : {std::size_t{2}, std::size_t{5}}) {
        if (at[row + 2].contains(point))
            return tr("After less before. Percent: the root mean square of this over that of before.");
        if (at[row].contains(point) || at[row + 1].contains(point))
            return row == 2 ? tr("What the filter convolves a channel with, its origin in the middle.")
                            : tr("What the filter makes of this channel of the open picture's tokens.");
    }
    return View::tipAt(point);
}

}
