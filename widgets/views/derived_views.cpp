// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/derived_views.h"

#include "widgets/plots/ticks.h"
#include "widgets/session/patterns.h"
#include "widgets/views/reading.h"

#include "core/analysis/attention_stats.h"
#include "core/analysis/rollout.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

enum Field { Entropy, Distance, UniformDistance, SpecialShare, FieldCount };

double fieldOf(const Record& stats, Index head, Field field)
{
    return stats.value.toDoubles()[static_cast<std::size_t>(head * stats.value.dim(1) + field)];
}

}

HeadScatterView::HeadScatterView(Session& session, QWidget* parent)
    : View(QStringLiteral("head-scatter"), tr("Head statistics"), session, parent)
    , plot_(new ScatterPlot)
    , job_(new Job(this))
{
    setCanvas(plot_);
    connect(plot_, &ScatterPlot::hovered, this, [this](int point) { hovered_ = point; });
    connect(plot_, &ScatterPlot::clicked, this, [this](int point) {
        if (point < 0)
            return this->session().setBrushed({});
        Selection selection = this->session().selection();
        std::tie(selection.layer, selection.head) = headOf(point);
        selection.reading = HeadReading::One;
        this->session().setSelection(selection);
    });
    connect(plot_, &ScatterPlot::brushed, this, [this](const std::vector<int>& points) {
        std::vector<std::pair<int, int>> heads;
        for (const int point : points)
            heads.push_back(headOf(point));
        this->session().setBrushed(std::move(heads));
    });
    connect(&session, &Session::brushChanged, this, [this] {
        std::vector<int> points;
        for (const auto& head : this->session().brushed())
            if (const auto found = std::ranges::find(heads_, head); found != heads_.end())
                points.push_back(static_cast<int>(found - heads_.begin()));
        plot_->setBrushed(points);
    });
    renew();
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

void HeadScatterView::show(std::vector<Record> stats)
{
    stats_ = std::move(stats);
    heads_.clear();
    ScatterContent content;
    content.x.label = tr("mean distance (pixels)");
    content.y = AxisSpec{tr("entropy / log n"), 0, 1.03}; // a point at 1 is whole
    content.x.min = content.x.max = 0;
    content.shades.quantity = tr("share on special tokens");
    ValueRange shades;
    for (int layer = 0; layer < static_cast<int>(stats_.size()); ++layer) {
        const Record& record = stats_[static_cast<std::size_t>(layer)];
        for (int head = 0; head < static_cast<int>(record.value.dim(0)); ++head) {
            const double x = fieldOf(record, head, Distance);
            content.points.push_back({std::isfinite(x) ? x : 0, fieldOf(record, head, Entropy),
                fieldOf(record, head, SpecialShare), tr("layer %1, head %2").arg(layer).arg(head)});
            shades.include(content.points.back().shade);
            heads_.push_back({layer, head});
        }
    }
    shades.include(0);
    content.shades.fit(shades);
    if (!stats_.empty() && std::isfinite(fieldOf(stats_.front(), 0, UniformDistance)))
        content.references.push_back(
            {fieldOf(stats_.front(), 0, UniformDistance), tr("uniform attention"), Qt::Vertical});
    plot_->setContent(std::move(content));
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

QString HeadScatterView::tipAt(QPointF point) const
{
    if (!body().contains(point))
        return View::tipAt(point);
    if (hovered_ < 0 || hovered_ >= static_cast<int>(heads_.size()))
        return tr("Drag a rectangle to brush heads: the grid shows only those. Click a point to choose it.");
    const auto [layer, head] = headOf(hovered_);
    const Record& stats = stats_[static_cast<std::size_t>(layer)];
    return tr("layer %1, head %2\nmean distance %3 pixels\nentropy / log n %4\non special tokens %5")
        .arg(layer)
        .arg(head)
        .arg(readingText(fieldOf(stats, head, Distance), 3), readingText(fieldOf(stats, head, Entropy), 3),
            readingText(fieldOf(stats, head, SpecialShare), 3));
}

QString HeadScatterView::caption() const { return tr("%n heads", nullptr, static_cast<int>(heads_.size())); }

void HeadScatterView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    plot_->paintFigure(painter, body, style);
}

RolloutView::RolloutView(Session& session, QWidget* parent)
    : SpatialView(QStringLiteral("rollout"), tr("Rollout"), session, parent)
    , job_(new Job(this))
{
    connect(job_, &Job::failed, this, [this](const QString& text) {
        problem_ = text;
        update();
    });
    renew();
}

void RolloutView::renew()
{
    SpatialView::renew();
    Asked asked{session().slot().trace(), session().selection().step, session().display().rollout};
    if (asked == asked_)
        return;
    asked_ = asked;
    rollout_.reset();
    problem_.clear();
    if (!asked.trace)
        return;
    job_->start(
        tr("Computing the rollout"),
        [asked](const Job::Context&) {
            const auto patterns = analysis::patternsOf(*asked.trace, asked.step);
            return std::make_shared<const Record>(analysis::rollout(patterns, asked.options));
        },
        [this](RecordPtr rollout) {
            rollout_ = std::move(rollout);
            refresh();
        });
}

QString RolloutView::missing() const
{
    if (!problem_.isEmpty())
        return problem_;
    const QString why = SpatialView::missing();
    return why.isEmpty() && !rollout_ ? tr("Computing the rollout.") : why;
}

TokenMap RolloutView::map() const
{
    const Selection& s = session().selection();
    TokenMap map;
    map.tokens = map.anchorTokens = rollout_->queries.get();
    map.anchor = fovea::tokenAt(*map.tokens, s.anchor().value_or(defaultSpot(*map.tokens)));
    map.values.assign(static_cast<std::size_t>(map.tokens->tokens()), NAN);
    if (map.anchor >= 0)
        map.values = s.direction == Direction::QueryRow ? attentionRow(*rollout_, {}, map.anchor)
                                                        : attentionColumn(*rollout_, {}, map.anchor);
    ValueRange own = rangeOf(map.values), whole;
    whole.include(rollout_->value);
    map.scale = sequentialScale(session().display(), tr("rollout"), {own, own, whole});
    return map;
}

QString RolloutView::caption() const
{
    if (!rollout_)
        return {};
    const analysis::RolloutOptions& options = session().display().rollout;
    return tr("rollout from layer %1 · %2 of heads · residual %3 · %4")
        .arg(options.startLayer)
        .arg(QString::fromStdString(analysis::fusionName(options.fusion)))
        .arg(options.residual)
        .arg(anchorName(session().patterns(), session().selection()));
}

QStringList RolloutView::badges() const
{
    const ScaleMode mode = session().display().scale; // a rollout belongs to no single layer
    QStringList all{scaleBadge(mode == ScaleMode::Layer ? ScaleMode::Map : mode)};
    if (const double share = session().display().rollout.discard; share > 0)
        all.prepend(tr("smallest %1 % of each layer left out").arg(100 * share));
    return all;
}

std::vector<Record> RolloutView::data() const
{
    return rollout_ ? std::vector<Record>{*rollout_} : std::vector<Record>();
}

}
