// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/evit/reduction.h"

#include "core/nn/merged_tokens.h"
#include "core/parts/token_reduction.h"
#include "core/parts/vit/forward.h"

#include <algorithm>

namespace fovea::plugin::evit {

namespace {

using parts::Shortened;
using parts::StandingTokens;

/// The mean over heads, [B, head, n] -> [B, n].
Tensor meanOverHeads(Run& run, const Tensor& perHead)
{
    const Index batch = perHead.dim(0), heads = perHead.dim(1), n = perHead.dim(2);
    Tensor mean = run.make({batch, n});
    for (Index i = 0; i < batch * n; ++i) {
        float sum = 0;
        for (Index h = 0; h < heads; ++h)
            sum += perHead.data()[(i / n * heads + h) * n + i % n];
        mean.writable().data()[i] = sum / static_cast<float>(heads);
    }
    return mean;
}

/// Where each token goes and with what weight: what stays to its new place, the others into the last one.
struct Fusion {
    Tensor targets, weights; ///< [B, n]
    Index count; ///< of tokens then

    Fusion(Run& run, const StandingTokens& t, const Tensor& score, const Tensor& kept, const Shortened& s)
        : targets(run.make({t.batch, t.n}, DType::I32))
        , weights(run.make({t.batch, t.n}))
        , count(s.positions.dim(1) + 1)
    {
        const auto to = targets.writable<std::int32_t>();
        for (Index i = 0; i < t.batch * t.n; ++i) {
            const bool isFused = t.isKept(i) && kept.data()[i] == 0;
            to[static_cast<std::size_t>(i)] = isFused ? static_cast<std::int32_t>(count - 1) : -1;
            weights.writable().data()[i] = isFused ? score.data()[i] : 1;
        }
        for (Index b = 0; b < t.batch; ++b)
            for (Index k = 0; k + 1 < count; ++k) {
                const Index position = at(s.positions, b * (count - 1) + k), i = b * t.n + position;
                if (kept.data()[i] != 0)
                    to[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(k);
            }
    }

    static Index at(const Tensor& numbers, Index i)
    {
        return numbers.values<std::int32_t>()[static_cast<std::size_t>(i)];
    }
    /// Tokens of sample b that are fused.
    std::vector<int> fused(Index b) const
    {
        std::vector<int> all;
        for (Index j = 0; j < targets.dim(1); ++j)
            if (at(targets, b * targets.dim(1) + j) == count - 1)
                all.push_back(static_cast<int>(j));
        return all;
    }
};

/// [B, m] with one more number at each end.
template <class T>
Tensor extended(Run& run, const Tensor& x, DType type, const std::vector<T>& ends)
{
    const Index m = x.dim(1);
    Tensor out = run.make({x.dim(0), m + 1}, type);
    const auto to = out.writable<T>();
    for (Index b = 0; b < x.dim(0); ++b) {
        std::ranges::copy(x.values<T>().subspan(static_cast<std::size_t>(b * m), static_cast<std::size_t>(m)),
            to.begin() + b * (m + 1));
        to[static_cast<std::size_t>(b * (m + 1) + m)] = ends[static_cast<std::size_t>(b)];
    }
    return out;
}

State fusedState(Run& run, const StandingTokens& t, const Tensor& score, const Tensor& kept,
    const Shortened& s, const State& before)
{
    const Fusion fusion(run, t, score, kept, s);
    const Index m = fusion.count - 1, watched = std::min(run.watched(), t.batch - 1);
    State after{
        nn::mergedTokens(run, before.x, fusion.targets, fusion.weights, fusion.count), {}, before.more};
    std::vector<float> counts; // a sample of which nothing went, beside others, has an empty one
    for (Index b = 0; b < t.batch; ++b)
        counts.push_back(fusion.fused(b).empty() ? 0.0F : 1.0F);
    Tensor keptNow = s.kept;
    if (!keptNow.defined() && std::ranges::count(counts, 0.0F) > 0) {
        keptNow = run.make({t.batch, m});
        std::ranges::fill(keptNow.writable(), 1.0F);
    }
    parts::flowOn(after.more,
        extended<std::int32_t>(
            run, s.numbers, DType::I32, std::vector<std::int32_t>(static_cast<std::size_t>(t.batch), -1)),
        keptNow.defined() ? extended<float>(run, keptNow, DType::F32, counts) : Tensor());
    std::vector<std::vector<int>> groups;
    for (Index k = 0; k < m; ++k)
        groups.push_back({static_cast<int>(Fusion::at(s.positions, watched * m + k))});
    const std::vector<int> fused = fusion.fused(watched);
    groups.push_back(fused.empty() ? groups.back() : fused);
    after.layout = before.layout->merged(groups);
    return after;
}

}

State reduced(Run& run, const EvitConfig& c, const State& before, const nn::AttentionTaken& attention)
{
    const StandingTokens t(run, before, c.tokens(), c.specialCount());
    const Tensor score = meanOverHeads(run, attention.firstPattern); // [B, n]
    const Tensor chosen = t.highest(run, score, [&](Index b) { return c.keptCount(t.patches(b)); });
    const Tensor kept = parts::showKeep(run, t, score, chosen, [&] { return parts::vit::layoutOf(c); });
    parts::showLeft(run, t, kept);
    const Shortened s = parts::shortened(run, t, kept);
    const bool goesAny = s.positions.dim(1) < t.n || s.kept.defined();
    if (!goesAny)
        return before;
    return c.fuses ? fusedState(run, t, score, kept, s, before) : parts::selected(run, before, s);
}

}
