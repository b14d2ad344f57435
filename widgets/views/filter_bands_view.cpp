// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/filter_bands_view.h"

#include "widgets/plots/painters.h"
#include "widgets/views/reading.h"

#include <QPainter>

#include <algorithm>

namespace fovea {

namespace {

QString nameOf(int band) { return bandText(static_cast<analysis::Band>(band)); }

QColor colorOf(int band, const Style& style) { return bandColor(static_cast<analysis::Band>(band), style); }

}

FilterBandsView::FilterBandsView(Session& session, QWidget* parent)
    : View(QStringLiteral("filter-bands"), tr("Bands of filters"), session, parent)
    , job_(new Job(this))
{
    connect(job_, &Job::failed, this, [this](const QString& text) {
        problem_ = text;
        refresh();
    });
    renew();
}

FilterBandsView::Sorted FilterBandsView::sorted(
    std::vector<RecordPtr> weights, const Sorted& known, const Job::Context& context)
{
    Sorted all{std::move(weights), {}};
    for (const RecordPtr& weight : all.weights) {
        context.stop.check();
        const auto same = std::ranges::find_if(known.weights, [&](const RecordPtr& one) {
            return one->path() == weight->path() && one->value.identical(weight->value);
        });
        all.shares.push_back(same == known.weights.end()
                ? analysis::bandShares(analysis::filterBands(*weight))
                : known.shares[static_cast<std::size_t>(same - known.weights.begin())]);
    }
    return all;
}

void FilterBandsView::renew()
{
    bank_.read(session());
    std::vector<RecordPtr> weights;
    for (int layer = 0; layer < bank_.layers(); ++layer)
        weights.push_back(bank_.weight(layer));
    if (weights == asked_)
        return;
    asked_ = std::move(weights);
    problem_.clear();
    const bool isSame = std::ranges::equal(asked_, sorted_.weights, [](const auto& one, const auto& other) {
        return one->path() == other->path() && one->value.shape() == other->value.shape();
    });
    if (!isSame)
        sorted_ = {}; // of another model
    job_->start(
        title(),
        [asked = asked_, known = sorted_](
            const Job::Context& context) { return sorted(asked, known, context); },
        [this](Sorted done) {
            sorted_ = std::move(done);
            refresh();
        });
}

/// While an edited layer is sorted anew, what was there stays.
QString FilterBandsView::missing() const
{
    if (bank_.empty())
        return FilterBank::missing(session());
    if (!problem_.isEmpty())
        return problem_;
    return sorted_.shares.empty() ? tr("Sorting the channels.") : QString();
}

double FilterBandsView::heightFor(double width, const Style& style) const
{
    return !missing().isEmpty() ? width
                                : (2.2 * bank_.layers() + 4) * style.textSize + frameHeight(width, style);
}

QRectF FilterBandsView::barsIn(const QRectF& body, const Style& style) const
{
    const double names = 2.4 * style.smallTextSize;
    return body.adjusted(names, 1.8 * style.smallTextSize, 0, -1.6 * style.smallTextSize);
}

QRectF FilterBandsView::partOf(const QRectF& bars, QPoint cell) const
{
    const Shares& shares = sorted_.shares[static_cast<std::size_t>(cell.y())];
    double before = 0;
    for (int band = 0; band < cell.x(); ++band)
        before += shares[static_cast<std::size_t>(band)];
    const double row = std::min(bars.height() / static_cast<double>(sorted_.shares.size()), bars.width() / 8),
                 gap = 0.18 * row;
    return {bars.left() + before * bars.width(), bars.top() + cell.y() * row + gap / 2,
        shares[static_cast<std::size_t>(cell.x())] * bars.width(), row - gap};
}

void FilterBandsView::drawLegend(QPainter& painter, const QRectF& line, const Style& style) const
{
    double left = line.left();
    for (int band = 0; band < static_cast<int>(analysis::bandCount); ++band) {
        const double size = style.smallTextSize,
                     room = textWidth(nameOf(band), style.smallFont(), style.unitsPerInch);
        painter.fillRect(QRectF(left, line.center().y() - size / 2, size, size), colorOf(band, style));
        painter.setPen(style.ink);
        paintText(painter, {left + size + style.gap, line.top(), room + style.gap, line.height()},
            Qt::AlignLeft | Qt::AlignVCenter, nameOf(band), style.smallFont());
        left += size + room + 4 * style.gap;
    }
}

void FilterBandsView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const QRectF bars = barsIn(body, style);
    drawLegend(painter, {bars.left(), body.top(), bars.width(), 1.6 * style.smallTextSize}, style);
    const int chosen = std::max(0, bank_.layerOf(session().selection().record));
    for (int layer = 0; layer < bank_.layers(); ++layer) {
        for (int band = 0; band < static_cast<int>(analysis::bandCount); ++band) {
            const QRectF part = partOf(bars, {band, layer});
            painter.fillRect(part, colorOf(band, style));
            const QString text
                = numberText(
                      100 * sorted_.shares[static_cast<std::size_t>(layer)][static_cast<std::size_t>(band)],
                      2)
                + QStringLiteral(" %");
            if (part.height() > 1.3 * style.smallTextSize
                && part.width() > 1.3 * textWidth(text, style.smallFont(), style.unitsPerInch)) {
                painter.setPen(readableOn(colorOf(band, style)));
                paintText(painter, part, Qt::AlignCenter, text, style.smallFont());
            }
        }
        const QRectF row = partOf(bars, {0, layer});
        painter.setPen(layer == chosen ? style.accent : style.faint);
        paintText(painter, {body.left(), row.top(), bars.left() - body.left() - style.gap, row.height()},
            Qt::AlignRight | Qt::AlignVCenter, bank_.name(layer), style.smallFont());
    }
    const double below = partOf(bars, {0, bank_.layers() - 1}).bottom();
    painter.setPen(style.faint);
    paintText(painter, {bars.left(), below + style.gap / 2, bars.width(), 1.4 * style.smallTextSize},
        Qt::AlignLeft | Qt::AlignVCenter, tr("share of the layer's channels"), style.smallFont());
}

QString FilterBandsView::caption() const
{
    return !missing().isEmpty() ? QString()
                                : tr("channels of %n layers with filters", nullptr, bank_.layers());
}

QStringList FilterBandsView::badges() const
{
    return {tr("thresholds: a factor of 2 in mean energy, orientation .5")};
}

bool FilterBandsView::drawsEdited() const
{
    return std::ranges::any_of(sorted_.weights, [](const RecordPtr& weight) { return weight->edited; });
}

std::vector<Record> FilterBandsView::data() const
{
    std::vector<Record> all;
    for (std::size_t layer = 0; layer < sorted_.shares.size(); ++layer) {
        all.push_back(namedRecord(sorted_.weights[layer]->path() + ".bands", Kind::Vector,
            Tensor::of<double>({static_cast<Index>(analysis::bandCount)}, sorted_.shares[layer]),
            "share of the layer's channels"));
        QStringList names;
        for (int band = 0; band < static_cast<int>(analysis::bandCount); ++band)
            names << QString::fromLatin1(analysis::bandName(static_cast<analysis::Band>(band)));
        nameAxis(all.back(), 0, "band", names);
    }
    return all;
}

QSize FilterBandsView::cells() const { return {static_cast<int>(analysis::bandCount), bank_.layers()}; }

QPoint FilterBandsView::current() const
{
    const int layer = bank_.layerOf(session().selection().record);
    return layer < 0 ? none : QPoint(column_, layer);
}

void FilterBandsView::goTo(QPoint cell)
{
    column_ = cell.x();
    Selection there = session().selection();
    there.record = bank_.weight(cell.y())->path();
    session().setSelection(there);
    announce();
}

QString FilterBandsView::cellText(QPoint cell) const
{
    return tr("%1, %2: %3 % of %4 channels")
        .arg(bank_.name(cell.y()), nameOf(cell.x()),
            numberText(
                100 * sorted_.shares[static_cast<std::size_t>(cell.y())][static_cast<std::size_t>(cell.x())],
                3))
        .arg(bank_.channels(cell.y()));
}

QString FilterBandsView::columnName(int column) const { return nameOf(column); }

QString FilterBandsView::rowName(int row) const { return bank_.name(row); }

QRectF FilterBandsView::cellRect(QPoint cell) const { return partOf(barsIn(body(), screenStyle()), cell); }

QPoint FilterBandsView::cellAt(QPointF point) const
{
    for (int layer = 0; layer < bank_.layers(); ++layer)
        for (int band = 0; band < static_cast<int>(analysis::bandCount); ++band)
            if (cellRect({band, layer}).contains(point))
                return {band, layer};
    return none;
}

}
