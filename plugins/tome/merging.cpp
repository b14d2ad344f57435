// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/tome/merging.h"

#include "plugins/tome/matching.h"

#include "core/nn/merged_tokens.h"
#include "core/parts/vit/forward.h"

#include <algorithm>
#include <cmath>

namespace fovea::plugin::tome {

namespace {

using parts::StandingTokens;

Tensor sizesOf(Run& run, const State& state)
{
    if (const Tensor* known = state.more.find(flow::sizes))
        return *known;
    Tensor ones = run.make({state.x.dim(0), state.x.dim(1)});
    std::ranges::fill(ones.writable(), 1.0F);
    return ones;
}

/// Positions of the tokens of one sample that are left: those at even places, then those at odd ones.
std::vector<std::int32_t> sequenceOf(const TomeConfig& c, const StandingTokens& t, const Matching& m, Index b)
{
    std::vector<std::int32_t> positions;
    for (Index j = 0; j < t.n; j += 2)
        if (t.isKept(b * t.n + j) && m.kept.data()[b * t.n + j] != 0)
            positions.push_back(static_cast<std::int32_t>(j));
    if (!c.hasClassToken) // the official code sorts them only to keep the class token in front
        std::ranges::stable_sort(
            positions, std::greater<>(), [&](std::int32_t j) { return m.similarity.data()[b * t.n + j]; });
    const auto evens = static_cast<std::ptrdiff_t>(positions.size());
    for (Index j = 1; j < t.n; j += 2)
        if (t.isKept(b * t.n + j))
            positions.push_back(static_cast<std::int32_t>(j));
    if (c.hasClassToken && c.isDistilled) // the distillation token, at place 1, stays behind the class token
        std::rotate(positions.begin() + 1, positions.begin() + evens, positions.begin() + evens + 1);
    return positions;
}

/// The sequences of all samples; shorter ones are filled up at their ends, where no place becomes another.
std::vector<std::vector<std::int32_t>> sequences(
    const TomeConfig& c, const StandingTokens& t, const Matching& m)
{
    std::vector<std::vector<std::int32_t>> all;
    std::size_t most = 0;
    for (Index b = 0; b < t.batch; ++b) {
        all.push_back(sequenceOf(c, t, m, b));
        most = std::max(most, all.back().size());
    }
    for (std::vector<std::int32_t>& positions : all)
        for (std::int32_t j = 0; positions.size() < most; ++j)
            if (std::ranges::count(positions, j) == 0)
                positions.push_back(j);
    return all;
}

/// Who goes where with what share; the sizes, numbers and counting of what there is then.
struct Plan {
    Tensor targets, weights; ///< [B, n]
    Tensor sizes, numbers, kept; ///< [B, m]
    Index count;

    Plan(Run& run, const StandingTokens& t, const Matching& m, const Tensor& sizesBefore,
        const std::vector<std::vector<std::int32_t>>& all)
        : targets(run.make({t.batch, t.n}, DType::I32))
        , weights(run.make({t.batch, t.n}))
        , count(static_cast<Index>(all.front().size()))
    {
        sizes = run.make({t.batch, count});
        kept = run.make({t.batch, count});
        numbers = run.make({t.batch, count}, DType::I32);
        std::ranges::fill(targets.writable<std::int32_t>(), -1);
        std::ranges::fill(sizes.writable(), 0.0F);
        for (Index b = 0; b < t.batch; ++b)
            fill(t, m, sizesBefore, all[static_cast<std::size_t>(b)], b);
    }

    void fill(const StandingTokens& t, const Matching& m, const Tensor& before,
        const std::vector<std::int32_t>& positions, Index b)
    {
        const auto to = targets.writable<std::int32_t>().subspan(static_cast<std::size_t>(b * t.n));
        const auto isMerged
            = [&](Index j) { return t.isKept(b * t.n + j) && m.kept.data()[b * t.n + j] == 0; };
        for (Index k = 0; k < count; ++k) {
            const Index j = positions[static_cast<std::size_t>(k)];
            if (!isMerged(j))
                to[static_cast<std::size_t>(j)] = static_cast<std::int32_t>(k);
            kept.writable().data()[b * count + k] = t.isKept(b * t.n + j) && !isMerged(j) ? 1.0F : 0.0F;
            numbers.writable<std::int32_t>()[static_cast<std::size_t>(b * count + k)]
                = static_cast<std::int32_t>(t.number(b * t.n + j));
        }
        for (Index j = 0; j < t.n; ++j)
            if (isMerged(j))
                to[static_cast<std::size_t>(j)] = to[static_cast<std::size_t>(
                    m.partner.values<std::int32_t>()[static_cast<std::size_t>(b * t.n + j)])];
        float* own = sizes.writable().data() + b * count;
        for (Index j = 0; j < t.n; ++j) // a target of -1: it filled up, and does not any more
            if (const Index target = to[static_cast<std::size_t>(j)]; target >= 0)
                own[target] += before.data()[b * t.n + j];
        for (Index j = 0; j < t.n; ++j) {
            const Index target = to[static_cast<std::size_t>(j)];
            weights.writable().data()[b * t.n + j]
                = target >= 0 ? before.data()[b * t.n + j] / own[target] : 0;
        }
        for (Index k = 0; k < count; ++k)
            own[k] = own[k] > 0 ? own[k] : 1; // what only fills up
    }

    bool isMasked() const { return std::ranges::count(kept.values<float>(), 0.0F) > 0; }
    /// The tokens of sample b behind each new one, the one that they are merged into first.
    std::vector<std::vector<int>> groups(const std::vector<std::int32_t>& positions, Index b) const
    {
        std::vector<std::vector<int>> all;
        for (const std::int32_t position : positions)
            all.push_back({position});
        const Index n = targets.dim(1);
        for (Index j = 0; j < n; ++j) {
            const Index target = targets.values<std::int32_t>()[static_cast<std::size_t>(b * n + j)];
            if (target >= 0 && all[static_cast<std::size_t>(target)].front() != static_cast<int>(j))
                all[static_cast<std::size_t>(target)].push_back(static_cast<int>(j));
        }
        return all;
    }
};

/// What an edit of `keep` can say: who of the even tokens with a partner is merged.
Tensor mergeable(Run& run, const StandingTokens& t, const Matching& m, const Tensor& decided)
{
    return t.chosen(run, [&](Index i) {
        return decided.data()[i] != 0 || m.partner.values<std::int32_t>()[static_cast<std::size_t>(i)] < 0;
    });
}

}

Tensor keyBias(Run& run, const TomeConfig& c, const State& before)
{
    const Tensor* sizes = before.more.find(flow::sizes);
    if (!sizes || !c.isProportional)
        return {};
    Tensor bias = run.make(sizes->shape());
    std::ranges::transform(
        sizes->values<float>(), bias.writable().begin(), [](float size) { return std::log(size); });
    return bias;
}

State merged(Run& run, const TomeConfig& c, const State& before, const nn::AttentionTaken& attention)
{
    const StandingTokens t(run, before, c.tokens(), c.specialCount());
    Matching m = matched(run, t, attention.keys, c.r);
    const Tensor decided
        = parts::showKeep(run, t, m.similarity, m.kept, [&] { return parts::vit::layoutOf(c); });
    if (!decided.same(m.kept))
        m.kept = mergeable(run, t, m, decided);
    parts::showLeft(run, t, m.kept);
    State after = before;
    const bool mergesAny = !std::ranges::equal(m.kept.values<float>(), t.kept.values<float>());
    if (mergesAny) {
        const auto all = sequences(c, t, m);
        const Plan plan(run, t, m, sizesOf(run, before), all);
        const Index watched = std::min(run.watched(), t.batch - 1);
        after.x = nn::mergedTokens(run, before.x, plan.targets, plan.weights, plan.count); // [B, m, C]
        after.layout = before.layout->merged(plan.groups(all[static_cast<std::size_t>(watched)], watched));
        parts::flowOn(after.more, plan.numbers, plan.isMasked() ? plan.kept : Tensor());
        after.more.set(flow::sizes, plan.sizes);
    }
    const Tensor sizes = sizesOf(run, after);
    run.show("size", sizes.reshaped({sizes.dim(0), sizes.dim(1), 1}), {.queries = after.layout});
    return after;
}

}
