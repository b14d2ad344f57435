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

/// Until other filters are measured and in order, those that were there stay.
void FilterGridView::renew()
{
    const bool isOther = changeOfRun() == Change::Run;
    const std::string& order = session().display().filterOrder;
    FilterBank now = bank_;
    now.read(session());
    if (order == "stored")
        now.arrange(order, {}); // that takes no time
    if (now.isArranged(order) && now.isMeasured()) {
        stop();
        bank_ = std::move(now);
        takeOrder(order);
        asked_ = {};
        return;
    }
    if (isOther)
        bank_ = asked_ = {};
    if (asked_.isSame(now) && askedOrder_ == order)
        return; // it is under way, or went wrong
    asked_ = now;
    askedOrder_ = order;
    begin(
        [now, order](const Job::Context& context) {
            FilterBank made = now;
            made.measure(context.stop);
            made.arrange(order, context.stop);
            return made;
        },
        [this, order](FilterBank made) {
            bank_ = std::move(made);
            takeOrder(order);
        });
}

/// Places mean other channels now: where the selected one went is no page to begin with.
void FilterGridView::takeOrder(const std::string& order)
{
    if (!order_.empty() && order != order_)
        left_ = session().selection();
    order_ = order;
}

QString FilterGridView::missing() const
{
    return bank_.empty() ? reason(tr("Computing the filters."), FilterBank::missing(session())) : QString();
}

int FilterGridView::chosenLayer() const { return std::max(0, bank_.layerOf(session().selection().record)); }

bool FilterGridView::isFollowed() const
{
    const Selection& now = session().selection();
    const bool isLeft = left_ && left_->record == now.record && left_->channel == now.channel;
    return bank_.layerOf(now.record) >= 0 && !isLeft;
}

FilterGridView::Page FilterGridView::pageOf(int rows) const
{
    Page page{std::clamp(bank_.mostChannels(), 1, mostColumns), rows, 0};
    page.first = isFollowed() ? placeOf(chosenLayer()) / page.count() * page.count() : 0;
    return page;
}

FilterGridView::Page FilterGridView::pageIn(const QRectF& body, const Style& style) const
{
    Page best = pageOf(1);
    const double least = 0.995 * placesIn(body, best, style).step.width();
    while (best.count() < bank_.mostChannels()) {
        const Page more = pageOf(best.rows + 1);
        const HeadGridPlaces at = placesIn(body, more, style);
        const bool isWhole = at.bands == 1 || at.layersInBand() % more.rows == 0, // each layer
            isNamed = more.rows * at.step.height() > 1.5 * style.smallTextSize; // each layer
        if (at.step.width() < least || !isWhole || !isNamed)
            break;
        best = more;
    }
    return best;
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

int FilterGridView::endPlace(const Page& page, int layer) const
{
    return std::min(page.first + page.count(), bank_.channels(layer));
}

ValueScale FilterGridView::scaleOf(const Page& page, int layer, const ValueRange& map) const
{
    ValueRange ofLayer, shown;
    for (int other = 0; other < bank_.layers(); ++other) {
        for (int place = page.first; place < endPlace(page, other); ++place) {
            const ValueRange& range = bank_.range(other, channelAt(other, place));
            shown.include(range);
            if (other == layer)
                ofLayer.include(range);
        }
    }
    return sequentialScale(session().display(), tr("magnitude"), {map, ofLayer, shown});
}

ValueScale FilterGridView::barScale(const Page& page) const
{
    ValueScale bar = scaleOf(page, chosenLayer(), {});
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

ValueScale FilterGridView::widestBar(const Page& page) const
{
    ValueScale widest = barScale(page);
    for (int layer = 0; layer < bank_.layers() && widest.mode == ScaleMode::Layer; ++layer)
        widest.max = std::min(widest.max, scaleOf(page, layer, {}).max); // the most decimals
    return widest;
}

/// A layer's further rows are named by their first channel or place.
HeadGridShape FilterGridView::shape(const Page& page) const
{
    HeadGridShape shape{std::max(1, bank_.layers()) * page.rows, page.columns, 1, false, {}, {}, page.rows};
    if (bank_.empty())
        return shape;
    const Tensor& first = bank_.magnitude(0).value;
    shape.aspect
        = std::clamp(static_cast<double>(first.dim(1)) / static_cast<double>(first.dim(2)), 0.2, 5.0);
    for (int row = 0; row < bank_.layers() * page.rows; ++row)
        shape.layerNames.append(row % page.rows == 0
                ? bank_.name(row / page.rows)
                : QString::number(page.first + row % page.rows * page.columns));
    for (int column = 0; column < page.columns; ++column) {
        const int place = page.first + column;
        shape.headNames.append(place < bank_.mostChannels() ? QString::number(place) : QString());
    }
    return shape;
}

HeadGridPlaces FilterGridView::placesIn(const QRectF& body, const Page& page, const Style& style) const
{
    return HeadGridPlaces::within(body, shape(page), widestBar(page), style);
}

double FilterGridView::heightFor(double width, const Style& style) const
{
    const Page page = pageOf(1);
    return bank_.empty()
        ? width
        : HeadGridPlaces::heightFor(width - 2 * style.gap, shape(page), widestBar(page), style)
            + frameHeight(width, style);
}

void FilterGridView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const Page page = pageIn(body, style);
    drawn_ = {page, painter.device() == this};
    const HeadGridPlaces at = placesIn(body, page, style);
    at.paintLabels(painter, {}, chosenLayer() * page.rows, style);
    for (int layer = 0; layer < bank_.layers(); ++layer) {
        ValueScale scale = scaleOf(page, layer, {});
        for (int place = page.first; place < endPlace(page, layer); ++place) {
            const int channel = channelAt(layer, place), shown = place - page.first;
            if (scale.mode == ScaleMode::Map)
                scale = sequentialScale(session().display(), {}, {bank_.range(layer, channel), {}, {}});
            const QRectF map = at.of(layer * page.rows + shown / page.columns, shown % page.columns);
            paintMap(painter, map, mapImage(bank_.map(layer, channel), scale), style);
            if (isStored())
                continue;
            painter.fillRect(QRectF(map.left(), map.bottom(), map.width(), 0.08 * map.height()),
                bandColor(bank_.bands(layer)[static_cast<std::size_t>(channel)].band, style));
        }
    }
    if (const QPoint cell = cellOf(page); cell != none) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(
            QPen(style.accent, 1.6 * style.lineWidth, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter.drawRect(at.of(cell.y(), cell.x()));
    }
    (at.barIsBelow ? paintLyingBar : paintColorBar)(painter, at.bar, barScale(page), style);
}

/// Which channels are there, where not all are; on the screen between arrows to the pages before and behind.
QString FilterGridView::pagesText() const
{
    const int most = bank_.mostChannels(), end = drawn_.page.first + drawn_.page.count();
    if (drawn_.page.first == 0 && end >= most)
        return tr("%1 channels").arg(most);
    const QString text = (isStored() ? tr("channels %1 to %2 of %3") : tr("places %1 to %2 of %3"))
                             .arg(drawn_.page.first)
                             .arg(std::min(end, most) - 1)
                             .arg(most);
    return drawn_.isScreen ? QStringLiteral("‹ %1 ›").arg(text) : text;
}

QString FilterGridView::layersText() const { return tr("filters of %1 layers · ").arg(bank_.layers()); }

QString FilterGridView::caption() const { return bank_.empty() ? QString() : layersText() + pagesText(); }

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

}
