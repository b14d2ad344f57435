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
    : ComputedView(QStringLiteral("filter-bands"), tr("Bands of filters"), session, parent)
{
    renew();
}

/// While an edited layer is sorted anew, what was there stays.
void FilterBandsView::renew()
{
    const Change change = changeOfRun();
    if (change == Change::None)
        return;
    FilterBank now = change == Change::Run ? FilterBank() : bank_;
    now.read(session());
    if (change == Change::Run || now.empty()) {
        bank_ = {};
        shares_.clear();
    }
    if (now.empty())
        return stop();
    begin(
        [now](const Job::Context& context) {
            FilterBank sorted = now;
            sorted.arrange("band", context.stop);
            return sorted;
        },
        [this](FilterBank sorted) {
            bank_ = std::move(sorted);
            shares_.clear();
            for (int layer = 0; layer < bank_.layers(); ++layer)
                shares_.push_back(analysis::bandShares(bank_.bands(layer)));
        });
}

QString FilterBandsView::missing() const
{
    return bank_.empty() ? reason(tr("Sorting the channels."), FilterBank::missing(session())) : QString();
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
    const Shares& shares = shares_[static_cast<std::size_t>(cell.y())];
    double before = 0;
    for (int band = 0; band < cell.x(); ++band)
        before += shares[static_cast<std::size_t>(band)];
    const double row = std::min(bars.height() / static_cast<double>(shares_.size()), bars.width() / 8),
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

QString FilterBandsView::percent(QPoint cell, int decimals) const
{
    const double share = shares_[static_cast<std::size_t>(cell.y())][static_cast<std::size_t>(cell.x())];
    return tr("%1 %").arg(100 * share, 0, 'f', decimals);
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
            const QString text = percent({band, layer}, 0);
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

bool FilterBandsView::drawsEdited() const { return bank_.isEdited(); }

std::vector<Record> FilterBandsView::data() const
{
    std::vector<Record> all;
    for (int layer = 0; layer < bank_.layers(); ++layer) {
        all.push_back(namedRecord(bank_.weight(layer)->path() + ".bands", Kind::Vector,
            Tensor::of<double>(
                {static_cast<Index>(analysis::bandCount)}, shares_[static_cast<std::size_t>(layer)]),
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
    return tr("%1, %2: %3 of %4 channels")
        .arg(bank_.name(cell.y()), nameOf(cell.x()), percent(cell, 1))
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
