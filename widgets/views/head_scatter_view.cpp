// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/head_scatter_view.h"

#include "widgets/plots/ticks.h"
#include "widgets/session/patterns.h"
#include "widgets/views/core_text.h"
#include "widgets/views/reading.h"

#include "core/analysis/attention_stats.h"
#include "core/analysis/rollout.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

enum Stat { Entropy, Distance, UniformDistance, SpecialShare, StatCount };

double fieldOf(const Record& stats, Index head, Stat field)
{
    return stats.value.toDoubles()[static_cast<std::size_t>(head * stats.value.dim(1) + field)];
}

/// Those that a lab records beside every pattern; empty when one is lacking.
std::vector<Record> keptStatistics(const TracePtr& trace, std::size_t step)
{
    std::vector<Record> kept;
    if (trace)
        for (const RecordPtr& pattern : analysis::patternsOf(*trace, step)) {
            const RecordPtr statistics = trace->find(pattern->path() + ".stats", step);
            if (!statistics)
                return {};
            kept.push_back(*statistics);
        }
    return kept;
}

}

HeadScatterView::HeadScatterView(Session& session, QWidget* parent)
    : View(QStringLiteral("head-scatter"), tr("Head statistics"), session, parent)
    , plot_(new ScatterPlot)
    , job_(new Job(this))
{
    setCanvas(plot_);
    connect(plot_, &ScatterPlot::clicked, this, [this](int point) {
        if (point < 0)
            return this->session().setBrushed({});
        choose(point);
    });
    connect(plot_, &ScatterPlot::brushed, this, [this](const std::vector<int>& points) {
        std::vector<std::pair<int, int>> heads;
        for (const int point : points)
            heads.push_back(headOf(point));
        this->session().setBrushed(std::move(heads));
    });
    connect(&session, &Session::brushChanged, this, &HeadScatterView::brush);
    renew();
}

void HeadScatterView::brush()
{
    std::vector<int> points;
    for (const auto& head : session().brushed())
        if (const auto found = std::ranges::find(heads_, head); found != heads_.end())
            points.push_back(static_cast<int>(found - heads_.begin()));
    plot_->setBrushed(points);
    update(); // the caption
}

QString HeadScatterView::missing() const
{
    const QString why = View::missing();
    return why.isEmpty() && stats_.empty() ? tr("Computing the statistics.") : why;
}

void HeadScatterView::renew()
{
    const TracePtr& trace = session().slot().trace();
    const std::size_t step = session().selection().step;
    if (trace == trace_ && step == step_)
        return;
    trace_ = trace;
    step_ = step;
    if (auto kept = keptStatistics(trace, step); !kept.empty())
        return show(std::move(kept));
    stats_.clear();
    if (!trace)
        return;
    job_->start(
        tr("Computing head statistics"),
        [trace, step](const Job::Context& context) {
            std::vector<Record> stats;
            for (const RecordPtr& pattern : analysis::patternsOf(*trace, step)) {
                context.stop.check();
                stats.push_back(analysis::headStatistics(*pattern));
            }
            return stats;
        },
        [this](std::vector<Record> stats) { show(std::move(stats)); });
}

/// Of one point; without a place in the input (a text) heads stand by their layer instead.
ScatterContent HeadScatterView::content() const
{
    const auto distance
        = [&](std::size_t layer, Index head) { return fieldOf(stats_[layer], head, Distance); };
    const bool hasDistance = std::ranges::any_of(heads_, [&](const auto& at) {
        return std::isfinite(distance(static_cast<std::size_t>(at.first), at.second));
    });
    ScatterContent content;
    content.x.label = hasDistance ? tr("mean distance (pixels)") : tr("layer");
    content.x.whole = !hasDistance;
    content.y = AxisSpec{tr("entropy / log n"), -0.03, 1.03}; // whole points at 0 and 1
    ValueRange shades;
    shades.include(0);
    for (const auto& [layer, head] : heads_) {
        const Record& record = stats_[static_cast<std::size_t>(layer)];
        content.points.push_back(
            {hasDistance ? distance(static_cast<std::size_t>(layer), head) : numberOf(layer),
                fieldOf(record, head, Entropy), fieldOf(record, head, SpecialShare), nameOf({layer, head})});
        shades.include(content.points.back().shade);
    }
    if (shades.max > 0) {
        ValueScale scale;
        scale.quantity = tr("share on special tokens");
        scale.mode = ScaleMode::Shown;
        scale.fit(shades);
        content.shades = scale;
    }
    if (hasDistance && std::isfinite(fieldOf(stats_.front(), 0, UniformDistance)))
        content.references.push_back(
            {fieldOf(stats_.front(), 0, UniformDistance), tr("uniform attention"), Qt::Vertical});
    return content;
}

void HeadScatterView::show(std::vector<Record> stats)
{
    stats_ = std::move(stats);
    heads_.clear();
    for (std::size_t layer = 0; layer < stats_.size(); ++layer)
        for (int head = 0; head < static_cast<int>(stats_[layer].value.dim(0)); ++head)
            heads_.push_back({static_cast<int>(layer), head});
    plot_->setContent(content());
    brush();
    View::refresh();
    reselect();
}

void HeadScatterView::reselect()
{
    const Selection& s = session().selection();
    const auto found = std::ranges::find(heads_, std::pair(s.layer, s.head));
    plot_->mark(found == heads_.end() || s.reading != HeadReading::One
            ? -1
            : static_cast<int>(found - heads_.begin()));
}

void HeadScatterView::choose(int point)
{
    Selection selection = session().selection();
    std::tie(selection.layer, selection.head) = headOf(point);
    selection.reading = HeadReading::One;
    session().setSelection(selection);
}

int HeadScatterView::numberOf(int layer) const
{
    return layerNumber(stats_[static_cast<std::size_t>(layer)].info, layer);
}

QString HeadScatterView::nameOf(std::pair<int, int> head) const
{
    return tr("%1, head %2").arg(layerName(numberOf(head.first))).arg(head.second);
}

QSize HeadScatterView::cells() const { return {StatCount, static_cast<int>(heads_.size())}; }

QPoint HeadScatterView::current() const
{
    const Selection& s = session().selection();
    const auto found = std::ranges::find(heads_, std::pair(s.layer, s.head));
    return found == heads_.end() ? none : QPoint(field_, static_cast<int>(found - heads_.begin()));
}

void HeadScatterView::goTo(QPoint cell)
{
    field_ = cell.x();
    choose(cell.y());
    announce();
}

QString HeadScatterView::cellText(QPoint cell) const
{
    const auto [layer, head] = headOf(cell.y());
    const double value = fieldOf(stats_[static_cast<std::size_t>(layer)], head, static_cast<Stat>(cell.x()));
    return tr("%1, %2 %3")
        .arg(rowName(cell.y()), columnName(cell.x()),
            std::isfinite(value) ? numberText(value, 3) : tr("no number"));
}

QString HeadScatterView::columnName(int column) const
{
    return coreText(stats_.front().info.fields[static_cast<std::size_t>(column)]);
}

QString HeadScatterView::rowName(int row) const { return nameOf(headOf(row)); }

QRectF HeadScatterView::cellRect(QPoint cell) const
{
    return plot_->rectOf(cell.y()).translated(plot_->pos());
}

QString HeadScatterView::tipAt(QPointF point)
{
    if (!body().contains(point))
        return View::tipAt(point);
    const int found = plot_->pointAt(point - plot_->pos());
    if (found < 0)
        return tr("Drag a rectangle to brush heads: the grid shows only those. Click a point to choose it.");
    const auto [layer, head] = headOf(found);
    const Record& stats = stats_[static_cast<std::size_t>(layer)];
    const auto number = [&stats, row = head](Stat stat) { return readingText(fieldOf(stats, row, stat), 3); };
    return tr("%1\nmean distance %2 pixels\nentropy / log n %3\nshare on special tokens %4")
        .arg(nameOf({layer, head}), number(Distance), number(Entropy), number(SpecialShare));
}

QPoint HeadScatterView::cellAt(QPointF point) const
{
    const int found = plot_->pointAt(point - plot_->pos());
    return found < 0 ? none : QPoint(field_, found);
}

QStringList HeadScatterView::badges() const
{
    const auto unplaced = std::ranges::count_if(heads_, [&](const auto& at) {
        const Record& record = stats_[static_cast<std::size_t>(at.first)];
        return !std::isfinite(fieldOf(record, at.second, Distance))
            || !std::isfinite(fieldOf(record, at.second, Entropy));
    });
    QStringList all = wholePatternBadges(session().display());
    if (unplaced > 0 && unplaced < static_cast<std::ptrdiff_t>(heads_.size()))
        all.append(tr("%n heads have no number and no point", nullptr, static_cast<int>(unplaced)));
    if (plot_->content().shades)
        all.append(scaleBadge(ScaleMode::Shown));
    return all;
}

QString HeadScatterView::caption() const
{
    const int all = static_cast<int>(heads_.size()), brushed = static_cast<int>(session().brushed().size());
    return brushed > 0 ? tr("%1 of %2 heads brushed").arg(brushed).arg(all) : tr("%n heads", nullptr, all);
}

void HeadScatterView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    plot_->paintFigure(painter, body, style);
}

}
