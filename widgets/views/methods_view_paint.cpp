// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/color_bar.h"
#include "widgets/plots/painters.h"
#include "widgets/views/core_text.h"
#include "widgets/views/input_picture.h"
#include "widgets/views/measured_plot.h"
#include "widgets/views/methods_view.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

/// From 0 to each map's largest value, or as far on both sides of it.
ValueScale shareScale(bool isSigned, const QString& quantity)
{
    ValueScale scale;
    scale.quantity = quantity;
    const auto kind = isSigned ? ColorMap::Kind::Diverging : ColorMap::Kind::Sequential;
    scale.colors = &ColorMap::named(ColorMap::names(kind).first());
    scale.mode = ScaleMode::Fixed;
    scale.min = isSigned ? -1 : 0;
    scale.max = 1;
    return scale;
}

/// The values over the largest, by magnitude.
TokenValues sharesOf(const Record& map)
{
    TokenValues shares;
    double most = 0;
    for (const float v : map.value.values<float>())
        most = std::isfinite(v) ? std::max(most, std::abs(static_cast<double>(v))) : most;
    for (const float v : map.value.values<float>())
        shares.values.push_back(most > 0 ? static_cast<float>(static_cast<double>(v) / most) : v);
    return shares;
}

}

/// In the order of the badges: deletion, insertion, rank correlation; what masks tell; the sanity check and
/// the same between pictures, and a word where it fails. Stronger where better than random orders.
std::vector<MethodsView::Number> MethodsView::numbersOf(const analysis::ComparedMap& one) const
{
    const analysis::RelevanceScores& s = one.scores;
    const auto& random = comparison_->random;
    std::vector<Number> all;
    if (isScored())
        all = {{tr("del."), s.deletion, random && s.deletion < random->low.deletion},
            {tr("ins."), s.insertion, random && s.insertion > random->high.insertion},
            {tr("rank"), s.rank, random && s.rank > random->high.rank}};
    if (hasMasks()) {
        all.push_back({tr("point."), s.mask.pointing, false});
        all.push_back({tr("IoU"), s.mask.iou, random && s.mask.iou > random->high.mask.iou});
        all.push_back({tr("others"), s.others, false});
    }
    all.push_back({tr("sanity"), one.sanity ? one.sanity->largest : NAN, false, true});
    all.push_back({tr("betw."), one.sanity ? one.sanity->betweenPictures : NAN, false, true});
    return all;
}

/// Under a map: three in a line.
void MethodsView::drawNumbers(
    QPainter& painter, const QRectF& room, const analysis::ComparedMap& one, const Style& style) const
{
    const double line = 1.5 * style.smallTextSize, third = room.width() / 3;
    const auto draw = [&](const QString& text, std::size_t place, bool isStrong) {
        painter.setPen(isStrong ? style.ink : style.faint);
        const auto column = static_cast<double>(place % 3), row = static_cast<double>(place / 3);
        paintText(painter, {room.left() + column * third, room.top() + row * line, third, line},
            Qt::AlignLeft | Qt::AlignVCenter, text, style.smallFont());
    };
    const std::vector<Number> all = numbersOf(one);
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].isAlways || std::isfinite(all[i].value))
            draw(shortNumber(all[i].value), i, all[i].isStrong);
    if (one.sanity && one.sanity->fails())
        draw(tr("fails"), all.size(), true);
}

/// Beside a map: a column each, those of sanity that fail in the accent. `isHead`: their names.
void MethodsView::drawTableRow(QPainter& painter, const QRectF& room, const analysis::ComparedMap& one,
    const Style& style, bool isHead) const
{
    const std::vector<Number> all = numbersOf(one);
    const double width = room.width() / static_cast<double>(all.size());
    const bool fails = one.sanity && one.sanity->fails();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Number& number = all[i];
        if (!isHead && !number.isAlways && !std::isfinite(number.value))
            continue;
        const bool isFailed = fails && i + 2 == all.size();
        painter.setPen(isHead     ? style.faint
                : isFailed        ? style.accent
                : number.isStrong ? style.ink
                                  : style.faint);
        const QRectF cell(room.left() + static_cast<double>(i) * width, room.top(), width, room.height());
        paintText(painter, cell, Qt::AlignRight | Qt::AlignVCenter,
            isHead ? number.name : shortNumber(number.value), style.smallFont());
    }
}

void MethodsView::drawMap(QPainter& painter, const MethodsPlaces& at, int index, const Style& style) const
{
    const analysis::ComparedMap& one = comparison_->maps[static_cast<std::size_t>(index)];
    const QFont font = style.smallFont();
    const double room = at.titleOf(index).width();
    const auto fits = [&](const QString& text) { return textWidth(text, font, style.unitsPerInch) <= room; };
    const QString whole = coreText(one.method->title);
    const QString title = fits(whole) ? whole : QString::fromStdString(one.method->name);
    painter.setPen(one.method->isBaseline ? style.faint : style.ink);
    paintText(painter, at.titleOf(index), Qt::AlignLeft | Qt::AlignVCenter, title, font);
    const QRectF place = at.mapOf(index);
    if (at.isTable)
        drawTableRow(painter, at.numbersOf(index), one, style, false);
    if (!one.map) {
        painter.fillRect(place, style.grid);
        painter.setPen(style.faint);
        paintText(painter, place, Qt::AlignCenter, tr("does not fit"), font);
        return;
    }
    TokenMap map;
    map.tokens = one.map->queries.get();
    map.values = sharesOf(*one.map);
    map.scale = shareScale(one.method->isSigned, {});
    map.opacity = session().display().opacity;
    map.picture = picture_;
    paintMap(painter, place,
        picture_.isNull() ? gridImage(*map.tokens, map.values, map.scale) : veiledPicture(map), style);
    if (!at.isTable)
        drawNumbers(painter, at.numbersOf(index), one, style);
}

void MethodsView::drawMatrix(QPainter& painter, const MethodsPlaces& at, const Style& style) const
{
    const ValueScale colors = shareScale(true, tr("rank correlation"));
    const Tensor& values = comparison_->correlations.value;
    paintMap(painter, at.matrix, mapImage(values, colors), style);
    const double step = at.matrix.width() / std::max(count(), 1);
    const QFont font = style.smallFont();
    const bool hasRoom = step > 1.2 * textWidth(QStringLiteral("−.00"), font, style.unitsPerInch);
    for (int i = 0; i < count(); ++i) {
        const analysis::ComparedMap& one = comparison_->maps[static_cast<std::size_t>(i)];
        const QString name = QString::fromStdString(one.method->name);
        painter.setPen(style.faint);
        paintText(painter,
            {at.matrix.left() - at.label, at.matrix.top() + i * step, at.label - style.gap / 2, step},
            Qt::AlignRight | Qt::AlignVCenter, name, font);
        paintTextUpwards(painter,
            {at.matrix.left() + i * step, at.matrix.bottom() + style.gap / 2, step, at.label - style.gap / 2},
            Qt::AlignRight | Qt::AlignVCenter, name, font);
        for (int j = 0; hasRoom && j < count(); ++j) {
            const auto value = static_cast<double>(values.data()[i * count() + j]);
            painter.setPen(readableOn(QColor(colors.color(value))));
            paintText(painter, {at.matrix.left() + j * step, at.matrix.top() + i * step, step, step},
                Qt::AlignCenter, shortNumber(value), font);
        }
    }
    paintColorBar(painter, at.matrixBar, colors, style);
}

void MethodsView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    if (picture_.isNull())
        picture_ = inputPicture(session().slot());
    const MethodsPlaces at = placesIn(body, style);
    for (int index = 0; index < count(); ++index)
        drawMap(painter, at, index, style);
    if (at.isTable) { // names over the columns; the bars have no room
        if (count() > 0)
            drawTableRow(painter, at.headOfNumbers(), comparison_->maps.front(), style, true);
        return;
    }
    const QString quantity = tr("share of the largest");
    QRectF bar = at.bar;
    if (hasSigned()) {
        bar.setHeight((at.bar.height() - at.line) / 2);
        paintColorBar(painter, bar.translated(0, bar.height() + at.line),
            shareScale(true, tr("for, against the class")), style);
    }
    paintColorBar(painter, bar, shareScale(false, quantity), style);
    if (!at.matrix.isEmpty())
        drawMatrix(painter, at, style);
}

}
