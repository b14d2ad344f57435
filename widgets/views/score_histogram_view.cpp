// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/score_histogram_view.h"

#include "widgets/plots/text.h"
#include "widgets/views/reading.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {
constexpr int binCount = 20;
}

ScoreHistogramView::ScoreHistogramView(Session& session, QWidget* parent)
    : FatesView(QStringLiteral("score-histogram"), tr("Score histogram"), session, parent)
{
    renew();
}

void ScoreHistogramView::renew()
{
    FatesView::renew();
    if (hasFates())
        findEnds();
}

void ScoreHistogramView::findEnds()
{
    low_ = 0;
    high_ = 1; // probabilities, where no score is larger
    for (int group = 0; group < groups(); ++group)
        for (const double score : fates().groups[static_cast<std::size_t>(group)].score) {
            low_ = std::min(low_, score);
            high_ = std::max(high_, score);
        }
    most_ = 1;
    for (int group = 0; group < groups(); ++group)
        for (const Bin& bin : binsOf(group))
            most_ = std::max(most_, bin.kept + bin.dropped);
}

std::vector<ScoreHistogramView::Bin> ScoreHistogramView::binsOf(int group) const
{
    std::vector<Bin> bins(binCount);
    for (std::size_t i = 0; i < bins.size(); ++i) {
        bins[i].low = low_ + (high_ - low_) * static_cast<double>(i) / binCount;
        bins[i].high = low_ + (high_ - low_) * static_cast<double>(i + 1) / binCount;
    }
    const analysis::Judgement& judged = fates().groups[static_cast<std::size_t>(group)];
    for (int token = 0; token < layout().tokens(); ++token) {
        const auto at = static_cast<std::size_t>(token);
        if (layout().isSpecial(token) || !judged.stood[at])
            continue;
        const double position = (judged.score[at] - low_) / (high_ - low_) * binCount;
        Bin& bin = bins[static_cast<std::size_t>(std::clamp(static_cast<int>(position), 0, binCount - 1))];
        (judged.kept[at] ? bin.kept : bin.dropped) += 1;
    }
    return bins;
}

PanelGrid ScoreHistogramView::panels(const QRectF& body, const Style& style) const
{
    PanelGrid grid{body, groups(), 1, {}, 1.5 * style.textSize, 1, style.gap};
    const bool isWide = body.width() > 1.6 * body.height();
    grid.columns = isWide ? std::max(groups(), 1) : 1;
    const double height = body.height() - scaleHeight(body, style);
    grid.cell = QSizeF(body.width() / grid.columns, height / std::max(grid.rows(), 1));
    return grid;
}

AxisSpec ScoreHistogramView::scoreAxis(bool isBare) const
{
    AxisSpec axis{isBare ? QString() : tr("score"), low_, high_};
    axis.bare = isBare;
    return axis;
}

double ScoreHistogramView::scaleHeight(const QRectF& body, const Style& style) const
{
    const auto low = [&](bool isBare) {
        return PlotFrame::within(body, scoreAxis(isBare), {tr("patches"), 0, 1}, style).area.bottom();
    };
    return low(true) - low(false);
}

double ScoreHistogramView::heightFor(double width, const Style& style) const
{
    return hasFates() ? groups() * 1.1 * style.unitsPerInch + frameHeight(width, style) : width;
}

QStringList ScoreHistogramView::badges() const
{
    return {tr("filled: kept"), tr("open: dropped"), tr("upright: threshold")};
}

PlotFrame ScoreHistogramView::frameOf(int group, const QRectF& body, const Style& style) const
{
    const PanelGrid grid = panels(body, style);
    const bool isLast = group / grid.columns + 1 == grid.rows(); // row
    const QRectF place = grid.panelOf(group).adjusted(0, 0, 0, isLast ? scaleHeight(body, style) : 0);
    return PlotFrame::within(
        place, scoreAxis(!isLast), {tr("patches"), 0, static_cast<double>(most_)}, style);
}

void ScoreHistogramView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const PanelGrid grid = panels(body, style);
    for (int group = 0; group < groups(); ++group) {
        const PlotFrame frame = frameOf(group, body, style);
        painter.setPen(style.ink);
        paintText(painter, grid.titleOf(group), Qt::AlignLeft | Qt::AlignVCenter, keptText(group),
            style.smallFont());
        for (const Bin& bin : binsOf(group)) {
            const double left = frame.xOf(bin.low) + 0.5, right = frame.xOf(bin.high) - 0.5;
            const QRectF kept(QPointF(left, frame.yOf(bin.kept)), QPointF(right, frame.yOf(0)));
            painter.fillRect(kept, style.ink);
            if (bin.dropped == 0)
                continue;
            const QRectF dropped(
                QPointF(left, frame.yOf(bin.kept + bin.dropped)), QPointF(right, frame.yOf(bin.kept)));
            painter.setPen(QPen(style.faint, style.lineWidth));
            painter.setBrush(style.grid);
            painter.drawRect(dropped);
        }
        if (const auto limit = threshold(group))
            paintUpright(painter, frame, *limit, {style.accent, 1.5 * style.lineWidth});
        paintAxes(painter, frame, style);
    }
}

QSize ScoreHistogramView::cells() const { return hasFates() ? QSize(binCount, groups()) : QSize(); }

void ScoreHistogramView::goTo(QPoint cell)
{
    cursor_ = cell;
    refresh();
}

QString ScoreHistogramView::cellText(QPoint cell) const
{
    const Bin bin = binsOf(cell.y())[static_cast<std::size_t>(cell.x())];
    return tr("%1, scores %2 to %3: %4 kept, %5 dropped")
        .arg(groupName(cell.y()), numberText(bin.low, 3), numberText(bin.high, 3))
        .arg(bin.kept)
        .arg(bin.dropped);
}

QString ScoreHistogramView::columnName(int column) const
{
    const Bin bin = binsOf(0)[static_cast<std::size_t>(column)];
    return tr("%1 to %2").arg(numberText(bin.low, 3), numberText(bin.high, 3));
}

QRectF ScoreHistogramView::cellRect(QPoint cell) const
{
    const PlotFrame frame = frameOf(cell.y(), body(), screenStyle());
    const Bin bin = binsOf(cell.y())[static_cast<std::size_t>(cell.x())];
    return {QPointF(frame.xOf(bin.low), frame.area.top()), QPointF(frame.xOf(bin.high), frame.area.bottom())};
}

QPoint ScoreHistogramView::cellAt(QPointF point) const
{
    for (int group = 0; group < groups(); ++group) {
        const PlotFrame frame = frameOf(group, body(), screenStyle());
        if (!frame.area.contains(point))
            continue;
        const double share = (point.x() - frame.area.left()) / frame.area.width();
        return {std::clamp(static_cast<int>(share * binCount), 0, binCount - 1), group};
    }
    return none;
}

std::vector<Record> ScoreHistogramView::data() const
{
    std::vector<Record> all = FatesView::data();
    if (!hasFates())
        return all;
    Tensor table({groups(), binCount, 4});
    float* to = table.writable().data();
    for (int group = 0; group < groups(); ++group)
        for (const Bin& bin : binsOf(group))
            for (const double value :
                {bin.low, bin.high, static_cast<double>(bin.kept), static_cast<double>(bin.dropped)})
                *to++ = static_cast<float>(value);
    Record record = namedRecord("tokens.histogram", Kind::Heads, table, "patches by score");
    nameAxis(record, 0, "group", {});
    nameAxis(record, 1, "bin", {});
    nameAxis(record, 2, "field", {"low", "high", "kept", "dropped"});
    all.push_back(record);
    return all;
}

}
