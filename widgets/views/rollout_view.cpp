// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/rollout_view.h"

#include "widgets/session/patterns.h"
#include "widgets/views/core_text.h"
#include "widgets/views/input_picture.h"
#include "widgets/views/reading.h"

#include <cmath>

namespace fovea {

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
    Asked asked{session().slot().trace(), session().selection().step, session().display().rollout()};
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
    const QString why = SpatialView::missing();
    if (!why.isEmpty() || rollout_)
        return why;
    return problem_.isEmpty() ? tr("Computing the rollout.") : problem_;
}

TokenMap RolloutView::map() const
{
    const Selection& s = session().selection();
    TokenMap map;
    map.tokens = map.anchorTokens = rollout_->queries.get();
    map.anchor = fovea::tokenAt(*map.tokens, s.anchor().value_or(defaultSpot(*map.tokens)));
    map.other = s.other() ? fovea::tokenAt(*map.tokens, *s.other()) : -1;
    if (map.anchor >= 0)
        map.values = {s.direction == Direction::QueryRow ? attentionRow(*rollout_, {}, map.anchor)
                                                         : attentionColumn(*rollout_, {}, map.anchor)};
    else // dropped before the rollout's tokens were
        map.values.isMet.assign(static_cast<std::size_t>(map.tokens->tokens()), false);
    map.values.values.resize(static_cast<std::size_t>(map.tokens->tokens()), NAN);
    ValueRange own = map.values.range(), whole;
    whole.include(rollout_->value);
    map.scale = sequentialScale(session().display(), tr("rollout"), {own, own, whole});
    return map;
}

QString RolloutView::caption() const
{
    if (!rollout_)
        return {};
    const analysis::RolloutOptions options = session().display().rollout();
    return tr("rollout from layer %1 · %2 of heads · residual %3 · %4")
        .arg(session().patterns().number(options.startLayer))
        .arg(coreText(analysis::fusionName(options.fusion)))
        .arg(options.residual)
        .arg(anchorText());
}

QString RolloutView::anchorText() const
{
    const TokenMap now = map();
    const QString name = tokenName(*now.tokens, now.anchor);
    return (session().selection().direction == Direction::QueryRow ? tr("query %1") : tr("key %1")).arg(name);
}

QStringList RolloutView::badges() const
{
    const ScaleMode mode = session().display().scale; // a rollout belongs to no single layer
    QStringList all = wholePatternBadges(session().display()) + pictureBadges(session().slot());
    if (const double share = session().display().rollout().discard; share > 0)
        all.append(tr("smallest %1 % of each layer left out").arg(100 * share));
    if (session().display().rollout().variant == analysis::RolloutVariant::VitExplain)
        all.append(tr("row sums divide columns, as vit-explain has it"));
    return all << scaleBadge(mode == ScaleMode::Layer ? ScaleMode::Map : mode);
}

std::vector<Record> RolloutView::data() const
{
    return rollout_ ? std::vector<Record>{*rollout_} : std::vector<Record>();
}

}
