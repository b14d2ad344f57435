// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/filter_grid_view.h"

#include "widgets/plots/painters.h"
#include "widgets/views/reading.h"

#include <QPainter>

#include <algorithm>

namespace fovea {

FilterGridView::FilterGridView(Session& session, QWidget* parent)
    : ComputedView(QStringLiteral("filter-grid"), tr("All filters"), session, parent)
{
    renew();
}

/// Until other filters are in order, those that were there stay.
void FilterGridView::renew()
{
    const bool isOther = changeOfRun() == Change::Run;
    const std::string& order = session().display().filterOrder;
    FilterBank now = bank_;
    now.read(session());
    if (order == "stored" || now.isArranged(order)) {
        stop();
        now.arrange(order, {}); // what takes no time
        bank_ = std::move(now);
        order_ = order;
        asked_ = {};
        return;
    }
    if (isOther)
        bank_ = {};
    if (!isReady() && asked_.isSame(now) && askedOrder_ == order)
        return;
    asked_ = now;
    askedOrder_ = order;
    begin(
        [now, order](const Job::Context& context) {
            FilterBank sorted = now;
            sorted.arrange(order, context.stop);
            return sorted;
        },
        [this, order](FilterBank sorted) {
            bank_ = std::move(sorted);
            order_ = order;
        });
}

QString FilterGridView::missing() const
{
    return bank_.empty() ? reason(tr("Sorting the channels."), FilterBank::missing(session())) : QString();
}

int FilterGridView::chosenLayer() const { return std::max(0, bank_.layerOf(session().selection().record)); }

int FilterGridView::firstChannel() const
{
    return bank_.empty() ? 0 : placeOf(chosenLayer()) / columns * columns;
}

int FilterGridView::channelAt(int layer, int place) const
{
    return bank_.order(layer)[static_cast<std::size_t>(place)];
}

int FilterGridView::placeOf(int layer) const
{
    const std::vector<int>& order = bank_.order(layer);
    const auto found = std::ranges::find(order, bank_.channelOf(layer, session().selection()));
    return static_cast<int>(found - order.begin());
}

int FilterGridView::endChannel(int layer) const
{
    return std::min(firstChannel() + columns, bank_.channels(layer));
}

ValueScale FilterGridView::scaleOf(int layer, const ValueRange& map) const
{
    ValueRange ofLayer, shown;
    for (int other = 0; other < bank_.layers(); ++other) {
        for (int channel = firstChannel(); channel < endChannel(other); ++channel) {
            const ValueRange& range = bank_.range(other, channelAt(other, channel));
            shown.include(range);
            if (other == layer)
                ofLayer.include(range);
        }
    }
    return sequentialScale(session().display(), tr("magnitude"), {map, ofLayer, shown});
}

ValueScale FilterGridView::barScale() const
{
    ValueScale bar = scaleOf(chosenLayer(), {});
    if (bar.mode == ScaleMode::Layer)
        bar.quantity = tr("magnitude, %1").arg(bank_.name(chosenLayer()));
    if (bar.mode == ScaleMode::Map) {
        bar.quantity = bar.logarithmic ? tr("log magnitude, least to most of its map")
                                       : tr("magnitude / maximum of its map");
        bar.min = 0;
        bar.max = 1;
        bar.data = {};
    }
    return bar;
}

ValueScale FilterGridView::widestBar() const
{
    ValueScale widest = barScale();
    for (int layer = 0; layer < bank_.layers() && widest.mode == ScaleMode::Layer; ++layer)
        widest.max = std::min(widest.max, scaleOf(layer, {}).max); // the most decimals
    return widest;
}

HeadGridShape FilterGridView::shape() const
{
    HeadGridShape shape{std::max(1, bank_.layers()), columns, 1, false, {}, {}};
    if (bank_.empty())
        return shape;
    const Tensor& first = bank_.magnitude(0).value;
    shape.aspect
        = std::clamp(static_cast<double>(first.dim(1)) / static_cast<double>(first.dim(2)), 0.2, 5.0);
    for (int layer = 0; layer < bank_.layers(); ++layer)
        shape.layerNames.append(bank_.name(layer));
    for (int column = 0; column < columns; ++column) {
        const int channel = firstChannel() + column;
        shape.headNames.append(channel < bank_.mostChannels() ? QString::number(channel) : QString());
    }
    return shape;
}

HeadGridPlaces FilterGridView::placesIn(const QRectF& body, const Style& style) const
{
    return HeadGridPlaces::within(body, shape(), widestBar(), style);
}

double FilterGridView::heightFor(double width, const Style& style) const
{
    return bank_.empty() ? width
                         : HeadGridPlaces::heightFor(width - 2 * style.gap, shape(), widestBar(), style)
            + frameHeight(width, style);
}

void FilterGridView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const HeadGridPlaces at = placesIn(body, style);
    at.paintLabels(painter, {}, chosenLayer(), style);
    for (int layer = 0; layer < bank_.layers(); ++layer) {
        ValueScale scale = scaleOf(layer, {});
        for (int place = firstChannel(); place < endChannel(layer); ++place) {
            const int channel = channelAt(layer, place);
            if (scale.mode == ScaleMode::Map)
                scale = sequentialScale(session().display(), {}, {bank_.range(layer, channel), {}, {}});
            const QRectF map = at.of(layer, place - firstChannel());
            paintMap(painter, map, mapImage(bank_.map(layer, channel), scale), style);
            if (isStored())
                continue;
            painter.fillRect(QRectF(map.left(), map.bottom(), map.width(), 0.08 * map.height()),
                bandColor(bank_.bands(layer)[static_cast<std::size_t>(channel)].band, style));
        }
    }
    if (const QPoint cell = current(); cell != none) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(
            QPen(style.accent, 1.6 * style.lineWidth, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter.drawRect(at.of(cell.y(), cell.x()));
    }
    (at.barIsBelow ? paintLyingBar : paintColorBar)(painter, at.bar, barScale(), style);
}

QString FilterGridView::caption() const
{
    return bank_.empty() ? QString()
                         : (isStored() ? tr("filters of %1 layers · channels %2 to %3")
                                       : tr("filters of %1 layers · places %2 to %3"))
                               .arg(bank_.layers())
                               .arg(firstChannel())
                               .arg(std::min(firstChannel() + columns, bank_.mostChannels()) - 1);
}

QStringList FilterGridView::badges() const
{
    const ScaleMode mode = session().display().scale;
    QStringList all{tr("frequency 0 in the middle, up to .5 cycles per token"),
        mode == ScaleMode::Layer ? tr("colours: each layer by itself") : scaleBadge(mode)};
    if (!isStored())
        all << (order_ == "band" ? tr("each layer's channels in order of band")
                                 : tr("each layer's like channels side by side"))
            << tr("strips: colours of the view Bands of filters");
    return all;
}

bool FilterGridView::drawsEdited() const { return bank_.isEdited(); }

std::vector<Record> FilterGridView::data() const
{
    std::vector<Record> all;
    for (int layer = 0; layer < bank_.layers(); ++layer)
        all.push_back(bank_.magnitude(layer));
    return all;
}

QSize FilterGridView::cells() const { return {columns, bank_.layers()}; }

QPoint FilterGridView::current() const
{
    const int layer = bank_.layerOf(session().selection().record);
    return layer < 0 ? none : QPoint(placeOf(layer) % columns, layer);
}

void FilterGridView::goTo(QPoint cell)
{
    const int place = firstChannel() + cell.x();
    if (place >= bank_.channels(cell.y()))
        return;
    Selection there = session().selection();
    there.record = bank_.weight(cell.y())->path();
    there.channel = channelAt(cell.y(), place);
    session().setSelection(there);
}

QString FilterGridView::cellText(QPoint cell) const
{
    const int place = firstChannel() + cell.x();
    if (place >= bank_.channels(cell.y()))
        return tr("%1: there is none").arg(tr("%1, channel %2").arg(bank_.name(cell.y())).arg(place));
    const int channel = channelAt(cell.y(), place);
    const QString name = tr("%1, channel %2").arg(bank_.name(cell.y())).arg(channel);
    const QString kind = isStored()
        ? QString()
        : bandText(bank_.bands(cell.y())[static_cast<std::size_t>(channel)].band) + QStringLiteral(", ");
    return tr("%1, %2largest magnitude %3")
        .arg(name, kind, numberText(bank_.range(cell.y(), channel).max, 3));
}

QString FilterGridView::columnName(int column) const
{
    return (isStored() ? tr("channel %1") : tr("place %1")).arg(firstChannel() + column);
}

QString FilterGridView::rowName(int row) const { return bank_.name(row); }

QRectF FilterGridView::cellRect(QPoint cell) const
{
    return placesIn(body(), screenStyle()).of(cell.y(), cell.x());
}

QPoint FilterGridView::cellAt(QPointF point) const
{
    const auto [layer, column] = placesIn(body(), screenStyle()).at(point);
    const bool isIn = layer >= 0 && layer < bank_.layers() && column >= 0 && column < columns
        && firstChannel() + column < bank_.channels(layer);
    return isIn ? QPoint(column, layer) : none;
}

}
