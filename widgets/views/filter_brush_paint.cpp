// How the brush's pictures and numbers are drawn.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/color_bar.h"
#include "widgets/plots/painters.h"
#include "widgets/plots/text.h"
#include "widgets/plots/ticks.h"
#include "widgets/views/filter_brush_view.h"
#include "widgets/views/reading.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <functional>

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

Tensor differenceOf(const Tensor& a, const Tensor& b)
{
    Tensor out(a.shape());
    std::ranges::transform(a.values<float>(), b.values<float>(), out.writable().begin(), std::minus<>());
    return out;
}

/// Below a line of text, as large as its proportions allow; a bar lies beneath.
QRectF mapRoom(const QRectF& rect, const Tensor& map, const ValueScale& scale, const Style& style)
{
    const double title = 1.5 * style.smallTextSize;
    const QRectF room = rect.adjusted(0, title, 0, -lyingBarHeight(scale, style) - style.gap);
    const double aspect = static_cast<double>(map.dim(0)) / static_cast<double>(map.dim(1));
    return {room.topLeft(), QSizeF(1, aspect).scaled(room.size(), Qt::KeepAspectRatio)};
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
    const double gap = 2 * style.gap + 4;
    const double left = 0.44 * (body.width() - gap), numbers = 4 * 1.5 * style.smallTextSize;
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
    return mapRoom(panels(bodyBelowBar(body()), style)[0], before_.magnitude,
        magnitudeScale(session().display(), before_.magnitude), style);
}

void FilterBrushView::drawPlane(QPainter& painter, const QRectF& rect, const Style& style) const
{
    const ValueScale scale = magnitudeScale(session().display(), before_.magnitude);
    paintPanel(painter, rect, tr("magnitude, ±.5 cycles per token"), after_.magnitude, scale, style);
    const CellLattice plane{mapRoom(rect, before_.magnitude, scale, style), cells()};
    const auto isIn = [&](int x, int y) {
        return !region_.empty() && QRect(QPoint(), cells()).contains(x, y)
            && region_[static_cast<std::size_t>(binOf({x, y}))] != 0;
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

void FilterBrushView::drawTriple(QPainter& painter, const QRectF* rects, const Tensor& before,
    const Tensor& after, const QString& name, bool diverging, const Style& style) const
{
    const ValueScale shared = scaleOf(
        diverging ? ColorMap::Kind::Diverging : ColorMap::Kind::Sequential, QString(), {&before, &after});
    const Tensor difference = differenceOf(after, before);
    double squared = 0, whole = 0;
    for (std::size_t i = 0; i < difference.values<float>().size(); ++i) {
        squared += std::pow(static_cast<double>(difference.values<float>()[i]), 2);
        whole += std::pow(static_cast<double>(before.values<float>()[i]), 2);
    }
    paintPanel(painter, rects[0], tr("%1 before").arg(name), before, shared, style);
    paintPanel(painter, rects[1], tr("after"), after, shared, style);
    const QString share = tr("%1 %").arg(100 * std::sqrt(squared / whole), 0, 'f', 1);
    QString title = whole > 0 ? tr("difference, %1").arg(share) : tr("difference");
    if (whole > 0 && textWidth(title, style.smallFont(), style.unitsPerInch) > rects[2].width())
        title = tr("Δ %1").arg(share);
    paintPanel(painter, rects[2], title, difference,
        scaleOf(ColorMap::Kind::Diverging, QString(), {&difference}), style);
}

void FilterBrushView::drawEffects(QPainter& painter, const QRectF& rect, const Style& style) const
{
    const Slot& slot = session().slot();
    const int winner = slot.base ? winnerOf(slot.base->output) : -1;
    if (winner < 0)
        return;
    const double pitch = 1.5 * style.smallTextSize;
    QRectF line(rect.left(), rect.top(), rect.width(), pitch);
    const auto fitting = [&](const QString& whole, const QString& brief, const QString& value) {
        const double width = textWidth(whole + value, style.smallFont(), style.unitsPerInch) + style.gap;
        return width < rect.width() ? whole : brief;
    };
    const auto row = [&](const QString& name, const QString& value, const QColor& color) {
        painter.setPen(color);
        paintText(painter, line, Qt::AlignLeft | Qt::AlignVCenter, name, style.smallFont());
        paintText(painter, line, Qt::AlignRight | Qt::AlignVCenter, value, style.smallFont());
        line.translate(0, pitch);
    };
    const auto& labels = slot.weights->parts().labels;
    const QString name = static_cast<std::size_t>(winner) < labels.size()
        ? QString::fromStdString(labels[static_cast<std::size_t>(winner)])
        : tr("class %1").arg(winner);
    row(tr("logit of %1").arg(name), numberText(static_cast<double>(slot.base->output.data()[winner]), 3),
        style.ink);
    const bool hasRun = slot.edited && slot.edited->output.defined();
    row(tr("change by the edits"),
        hasRun ? signedText(changeOf(slot.base->output, slot.edited->output, winner)) : QStringLiteral("0"),
        style.accent);
    const bool isKnown = effects_.winner == winner;
    const auto spread = [&](const auto& changes) {
        const auto [least, most] = std::ranges::minmax(changes);
        return isKnown ? tr("%1 … %2").arg(signedText(least), signedText(most)) : QStringLiteral("–");
    };
    const QString number = spread(effects_.number), energy = spread(effects_.energy);
    row(fitting(tr("%1 × at random, equal number").arg(controlSeeds), tr("equal number"), number), number,
        style.ink);
    row(fitting(tr("%1 × at random, equal energy").arg(controlSeeds), tr("equal energy"), energy), energy,
        style.ink);
}

void FilterBrushView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const auto at = panels(painter.device() == this ? bodyBelowBar(body) : body, style);
    drawPlane(painter, at[0], style);
    drawEffects(painter, at[1], style);
    drawTriple(painter, &at[2], before_.kernel, after_.kernel, tr("kernel"), true, style);
    if (before_.map.defined() && after_.map.defined())
        drawTriple(painter, &at[5], before_.map, after_.map, tr("filtered"), true, style);
}

double FilterBrushView::heightFor(double width, const Style& style) const
{
    return 0.62 * width + frameHeight(width, style);
}

std::vector<Record> FilterBrushView::data() const
{
    if (!missing().isEmpty())
        return {};
    const std::string path = bank_.weight(layer_)->path() + "." + std::to_string(shownChannel_);
    std::vector<Record> all;
    const auto add = [&](const char* leaf, const Tensor& value, const char* role) {
        if (value.defined())
            all.push_back(namedRecord(path + leaf, Kind::Matrix, value, role));
    };
    add(".magnitude.before", before_.magnitude, "magnitude");
    add(".magnitude.after", after_.magnitude, "magnitude");
    add(".kernel.before", before_.kernel, "kernel");
    add(".kernel.after", after_.kernel, "kernel");
    add(".filtered.before", before_.map, "filtered map");
    add(".filtered.after", after_.map, "filtered map");
    if (effects_.winner >= 0) {
        Tensor changes({1 + 2 * controlSeeds});
        const auto to = changes.writable();
        to[0] = static_cast<float>(effects_.cut);
        std::ranges::transform(
            effects_.number, to.begin() + 1, [](double v) { return static_cast<float>(v); });
        std::ranges::transform(
            effects_.energy, to.begin() + 1 + controlSeeds, [](double v) { return static_cast<float>(v); });
        QStringList names{QStringLiteral("cut")};
        for (const char* control : {"equal number %1", "equal energy %1"})
            for (int seed = 0; seed < controlSeeds; ++seed)
                names << QString::fromLatin1(control).arg(seed);
        Record record = namedRecord(path + ".effects", Kind::Vector, changes, "change of the winner's logit");
        nameAxis(record, 0, "edits", names);
        all.push_back(record);
    }
    return all;
}

}
