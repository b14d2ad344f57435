// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/token_heat_view.h"

#include "widgets/plots/painters.h"
#include "widgets/views/core_text.h"
#include "widgets/views/reading.h"

#include "core/analysis/relevance.h"
#include "core/analysis/rollout.h"
#include "core/tensor/error.h"
#include "core/trace/attention.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {
constexpr int attention = 0, rolled = 1, gradient = 2, score = 3; // the maps, in order
}

TokenHeatView::TokenHeatView(Session& session, QWidget* parent)
    : FatesView(QStringLiteral("token-heat"), tr("Which patches count"), session, parent)
{
    renew();
}

QString TokenHeatView::titleOf(int map)
{
    const QString titles[]
        = {tr("attention, second block"), tr("rollout"), tr("gradient × attention"), tr("score")};
    return titles[map];
}

TokenHeatView::Heat TokenHeatView::ofRecord(const Record& record, const TokenLayout& layout)
{
    Heat heat{std::vector<float>(static_cast<std::size_t>(layout.tokens()), NAN), {}};
    for (int token = 0; token < record.queries->tokens(); ++token) {
        if (record.queries->isSpecial(token))
            continue;
        const int place = layout.tokenAt(record.queries->centre(token));
        if (place >= 0)
            heat.values[static_cast<std::size_t>(place)] = record.value.data()[token];
    }
    return heat;
}

/// The class token's attention to each patch that stands there, mean over heads.
TokenHeatView::Heat TokenHeatView::rawAttention(
    const Trace& trace, std::size_t step, const TokenLayout& layout)
{
    const auto patterns = analysis::patternsOf(trace, step);
    if (patterns.size() < 2)
        return {{}, tr("no second block attends")};
    const Record& pattern = *patterns[1];
    const int cls = pattern.queries ? pattern.queries->specialNamed("cls") : -1;
    if (cls < 0)
        return {{}, tr("there is no class token")};
    Record row;
    row.queries = pattern.keys;
    row.value = Tensor::zeros({pattern.keys->tokens(), 1});
    const auto heads = static_cast<int>(shapeOf(pattern)[1]);
    const auto out = row.value.writable();
    for (int head = 0; head < heads; ++head) {
        const std::vector<float> one = attentionRow(pattern, {0, head}, cls);
        for (std::size_t key = 0; key < one.size(); ++key)
            out[key] += one[key] / static_cast<float>(heads);
    }
    return ofRecord(row, layout);
}

TokenHeatView::Heats TokenHeatView::computed(const Slot& slot, const Services& services, const Asked& asked,
    const LayoutPtr& layout, const Job::Context& context)
{
    Heats heats;
    heats[attention] = rawAttention(*asked.trace, 0, *layout);
    analysis::RelevanceQuestion question{slot.architecture, slot.weights.get(), asked.trace};
    question.classIndex = analysis::classNamed(asked.label, *slot.weights, asked.trace->output);
    ExecuteOptions options;
    options.pool = services.pool;
    options.stop = context.stop;
    options.patches = patchesOf(services, context);
    for (const auto& [map, name] : {std::pair(rolled, "rollout"), std::pair(gradient, "chefer")})
        try {
            heats[static_cast<std::size_t>(map)] = ofRecord(
                analysis::relevance(question, analysis::relevanceMethod(name), asked.options, options),
                *layout);
        } catch (const Cancelled&) {
            throw;
        } catch (const Error& error) {
            heats[static_cast<std::size_t>(map)].problem = QString::fromUtf8(error.what());
        }
    return heats;
}

void TokenHeatView::renew()
{
    FatesView::renew();
    const Slot& slot = session().slot();
    Asked now{slot.trace(), session().display().relevanceClass, session().display().relevance};
    if (now == asked_)
        return;
    asked_ = std::move(now);
    heats_ = {};
    stop();
    if (!hasFates() || !slot.weights)
        return;
    begin([slot, services = session().services(), asked = asked_, layout = fates().layout](
              const Job::Context& context) { return computed(slot, services, asked, layout, context); },
        [this](const Heats& heats) { heats_ = heats; }, tr("Comparing maps of patches"));
}

TokenValues TokenHeatView::valuesOf(int map) const
{
    TokenValues all;
    const analysis::Judgement& judged = fates().groups[static_cast<std::size_t>(chosenGroup())];
    for (int token = 0; token < layout().tokens(); ++token) {
        const auto at = static_cast<std::size_t>(token);
        const std::vector<float>& values = heats_[static_cast<std::size_t>(map)].values;
        float value = values.empty() ? NAN : values[at];
        if (map == score)
            value = judged.stood[at] ? static_cast<float>(judged.score[at]) : NAN;
        all.values.push_back(value);
        all.isMet.push_back(std::isfinite(value) && !layout().isSpecial(token));
    }
    return all;
}

PanelGrid TokenHeatView::panels(const QRectF& body, const Style& style) const
{
    return PanelGrid::within(body, count, 0, aspect(), style);
}

double TokenHeatView::heightFor(double width, const Style& style) const
{
    return hasFates() ? PanelGrid::heightFor(width - 2 * style.gap, count, count, aspect(), style)
            + frameHeight(width, style)
                      : width;
}

QString TokenHeatView::caption() const
{
    return !problem().isEmpty() ? problem()
        : isRunning()           ? tr("computing…")
                                : tr("score of %1").arg(hasFates() ? groupName(chosenGroup()) : QString());
}

QStringList TokenHeatView::badges() const
{
    return {tr("each map from 0 to its largest value"), tr("without colour: gone")};
}

std::vector<Record> TokenHeatView::data() const
{
    std::vector<Record> all = FatesView::data();
    for (int map = 0; hasFates() && map < count; ++map) {
        const char* names[] = {"attention", "rollout", "chefer", "score"};
        const TokenValues values = valuesOf(map);
        Record record = namedRecord(std::string("tokens.heat.") + names[map], Kind::Tokens,
            Tensor::of<float>({layout().tokens(), 1}, values.values), names[map]);
        record.queries = fates().layout;
        all.push_back(record);
    }
    return all;
}

QString TokenHeatView::cellText(QPoint cell) const
{
    const int columns = layout().gridCols();
    const int token = layout().tokenAt(layout().cellArea(cell.y() * columns + cell.x() % columns).centre());
    QString text = FatesView::cellText(cell);
    for (int map = 0; token >= 0 && map < score; ++map)
        if (const TokenValues values = valuesOf(map); values.meets(static_cast<std::size_t>(token)))
            text += QStringLiteral("\n%1: %2")
                        .arg(titleOf(map),
                            numberText(
                                static_cast<double>(values.values[static_cast<std::size_t>(token)]), 3));
    return text;
}

void TokenHeatView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const PanelGrid grid = panels(body, style);
    for (int map = 0; map < count; ++map) {
        const QRectF place = grid.panelOf(map);
        painter.setPen(style.ink);
        paintText(painter, grid.titleOf(map), Qt::AlignLeft | Qt::AlignVCenter,
            map == score ? tr("score, %1").arg(groupName(chosenGroup())) : titleOf(map), style.smallFont());
        TokenMap tokens;
        tokens.tokens = &layout();
        tokens.values = valuesOf(map);
        ValueRange range = tokens.values.range();
        Display display = session().display();
        display.scale = ScaleMode::Map;
        tokens.scale = sequentialScale(display, titleOf(map), {range, range, range});
        tokens.picture = picture();
        tokens.opacity = session().display().opacity;
        paintMap(painter, place, veiledPicture(tokens), style);
        outline(painter, token(), place, style);
        if (const QString& problem = heats_[static_cast<std::size_t>(map)].problem; !problem.isEmpty()) {
            painter.setPen(style.ink);
            painter.fillRect(place, style.ground);
            paintText(painter, place, Qt::AlignCenter, problem, style.smallFont());
        }
    }
}

}
