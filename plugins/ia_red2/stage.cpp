// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/ia_red2/stage.h"

#include "plugins/ia_red2/interpreter.h"

#include "core/nn/layer_norm.h"
#include "core/nn/tokens.h"
#include "core/parts/vit/forward.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace fovea::plugin::ia_red2 {

namespace {

constexpr double interpreterEps = 1e-5; // PyTorch's own, where the blocks have 1e-6

/// The tokens that stand before a judgement.
struct Standing {
    Index batch, n, all, specials; ///< `all`: before any was dropped
    Tensor kept; ///< f32 [B, n]
    Tensor numbers; ///< i32 [B, n]

    Standing(Run& run, const IaRed2Config& c, const State& s)
        : batch(s.x.dim(0))
        , n(s.x.dim(1))
        , all(c.tokens())
        , specials(static_cast<Index>(c.specials().size()))
    {
        if (const Tensor* known = s.more.find(flow::kept)) {
            kept = *known;
        } else {
            kept = run.make({batch, n});
            std::ranges::fill(kept.writable(), 1.0F);
        }
        if (const Tensor* known = s.more.find(flow::numbers)) {
            numbers = *known;
        } else {
            numbers = run.make({batch, n}, DType::I32);
            const auto out = numbers.writable<std::int32_t>();
            for (std::size_t i = 0; i < out.size(); ++i)
                out[i] = static_cast<std::int32_t>(static_cast<Index>(i) % n);
        }
    }
    Index number(Index i) const { return numbers.values<std::int32_t>()[static_cast<std::size_t>(i)]; }
    bool isKept(Index i) const { return kept.data()[i] != 0; }
    bool isSpecial(Index i) const { return i % n < specials; }
};

/// The choice of each token's fate, f32 [B, n]. Special tokens always stay, and what was dropped stays
/// dropped.
template <class Fn>
Tensor chosen(Run& run, const Standing& t, Fn stays)
{
    Tensor kept = run.make({t.batch, t.n});
    for (Index i = 0; i < t.batch * t.n; ++i)
        kept.writable().data()[i] = t.isSpecial(i) || (t.isKept(i) && stays(i)) ? 1.0F : 0.0F;
    return kept;
}

/// The `count` tokens of the highest scores in each sample; of equal ones the first.
Tensor highest(Run& run, const Standing& t, const Tensor& score, Index count)
{
    std::vector<char> stays(static_cast<std::size_t>(t.batch * t.n));
    for (Index b = 0; b < t.batch; ++b) {
        std::vector<Index> order;
        for (Index i = b * t.n + t.specials; i < (b + 1) * t.n; ++i)
            if (t.isKept(i))
                order.push_back(i);
        std::ranges::stable_sort(order, std::greater<>(), [&](Index i) { return score.data()[i]; });
        for (std::size_t k = 0; k < std::min(order.size(), static_cast<std::size_t>(count)); ++k)
            stays[static_cast<std::size_t>(order[k])] = 1;
    }
    return chosen(run, t, [&](Index i) { return stays[static_cast<std::size_t>(i)] != 0; });
}

/// The interpreter's score of each token, f32 [B, n].
Tensor interpreted(Run& run, const IaRed2Config& c, int group, const Standing& t, const State& before)
{
    const Tensor y = nn::layerNorm(run, nn::scaledTokens(run, before.x, t.kept), interpreterEps);
    Tensor perHead; // [B, head, n]
    {
        const auto scope = run.in("groups." + std::to_string(group));
        perHead = headScores(run, y, c.policyHeads);
    }
    const Shape shape{t.batch, c.policyHeads, t.n, 1};
    const auto scope = run.in(stagePath(group));
    const Tensor shown = run.show("scores", perHead.reshaped(shape), {.queries = before.layout});
    return meanScores(run, shown.reshaped(perHead.shape()), t.kept);
}

/// What the rule gave each token at the beginning, of those that stand, f32 [B, n].
Tensor remembered(Run& run, const Standing& t, const State& before)
{
    Tensor score = run.make({t.batch, t.n});
    const Tensor* given = before.more.find(flow::given);
    for (Index i = 0; i < t.batch * t.n; ++i)
        score.writable().data()[i] = given && t.isKept(i) ? given->data()[i / t.n * t.all + t.number(i)] : 0;
    return score;
}

/// What the rule makes of the scores, f32 [B, n].
Tensor ruled(Run& run, const IaRed2Config& c, int group, const Standing& t, const Tensor& score)
{
    if (c.rule != Rule::Threshold)
        return highest(run, t, score, c.keptCount(group));
    const auto threshold = static_cast<float>(c.threshold);
    return chosen(run, t, [&](Index i) { return score.data()[i] > threshold; });
}

/// Each token stays with the probability of its score; how likely that was is told.
Tensor drawnBy(Run& run, const Standing& t, const Tensor& score)
{
    const RandomPlace place = run.random("draw");
    const Tensor kept = chosen(
        run, t, [&](Index i) { return place.uniform(static_cast<std::uint64_t>(i)) < score.data()[i]; });
    run.tell("log_probability", logProbability(run, score, kept, t.kept, t.specials));
    return kept;
}

/// [B, N, 2] over all tokens: the score of those that stand, and whether they are kept.
Tensor keepRecord(Run& run, const Standing& t, const Tensor& score, const Tensor& kept)
{
    Tensor record = run.make({t.batch, t.all, 2});
    const auto out = record.writable();
    std::ranges::fill(out, 0.0F);
    for (Index i = 0; i < t.batch * t.n; ++i) {
        const auto at = static_cast<std::size_t>((i / t.n * t.all + t.number(i)) * 2);
        out[at] = score.data()[i];
        out[at + 1] = kept.data()[i];
    }
    return record;
}

/// Numbers of the kept tokens of one sample, in their order, as positions among those that stand.
std::vector<std::int32_t> positionsOf(const Standing& t, const Tensor& kept, Index b)
{
    std::vector<std::int32_t> all;
    for (Index j = 0; j < t.n; ++j)
        if (kept.data()[b * t.n + j] != 0)
            all.push_back(static_cast<std::int32_t>(j));
    return all;
}

/// Shows the numbers of the watched sample's survivors.
void showLeft(Run& run, const Standing& t, const Tensor& kept)
{
    const Index b = std::min(run.watched(), t.batch - 1);
    std::vector<std::int32_t> numbers = positionsOf(t, kept, b);
    for (std::int32_t& number : numbers)
        number = static_cast<std::int32_t>(t.number(b * t.n + number));
    run.show("left",
        Tensor::of<std::int32_t>(
            {1, static_cast<Index>(numbers.size())}, std::span<const std::int32_t>(numbers)));
}

/// 1 - sum over groups of (1 - kept / N) * blocks / depth, as the official tool counts it: one more group.
Tensor costAfter(Run& run, const IaRed2Config& c, int group, const State& before, const Tensor& kept)
{
    const Tensor* known = before.more.find(flow::cost);
    const Index batch = kept.dim(0), n = kept.dim(1);
    const double share = static_cast<double>(c.sizes[static_cast<std::size_t>(group)]) / c.depth;
    Tensor cost = run.make({batch});
    for (Index b = 0; b < batch; ++b) {
        const float* row = kept.data() + b * n;
        const double stay = std::accumulate(row, row + n, 0.0) / static_cast<double>(c.tokens());
        cost.writable().data()[b]
            = static_cast<float>((known ? static_cast<double>(known->data()[b]) : 1) - (1 - stay) * share);
    }
    return cost;
}

/// Standard deviation of the values of one patch.
double contrastOf(const IaRed2Config& c, const Tensor& pictures, Index b, Index patch)
{
    const Index channels = pictures.dim(1), side = pictures.dim(3), p = c.patchSize, cols = c.grid().cols;
    double sum = 0, squares = 0;
    for (Index e = 0; e < channels * p * p; ++e) {
        const Index channel = e / (p * p), y = patch / cols * p + e / p % p, x = patch % cols * p + e % p;
        const double value = pictures.data()[((b * channels + channel) * side + y) * side + x];
        sum += value;
        squares += value * value;
    }
    const auto count = static_cast<double>(channels * p * p);
    return std::sqrt(std::max(0.0, squares / count - sum * sum / count / count));
}

/// A number that differs from picture to picture: of some of its pixels.
std::uint64_t hashOfPicture(const Tensor& picture)
{
    constexpr Index stride = 61;
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (Index i = 0; i < picture.count(); i += stride)
        hash = (hash ^ std::bit_cast<std::uint32_t>(picture.data()[i])) * 0x100000001B3U;
    return hash;
}

}

Tensor givenScores(Run& run, const IaRed2Config& c, const Tensor& pictures)
{
    const Index batch = pictures.dim(0), first = static_cast<Index>(c.specials().size());
    Tensor scores = Tensor::zeros({batch, c.tokens()});
    for (Index b = 0; b < batch; ++b) {
        const RandomPlace place{
            run.options().seed, run.options().step, hashOf("ia_red2.random"), hashOfPicture(pictures.at(b))};
        for (Index patch = 0; patch < c.patches(); ++patch)
            scores.writable().data()[b * c.tokens() + first + patch] = c.rule == Rule::Contrast
                ? static_cast<float>(contrastOf(c, pictures, b, patch))
                : place.uniform(static_cast<std::uint64_t>(patch));
    }
    return scores;
}

State judge(Run& run, const IaRed2Config& c, int group, const State& before)
{
    const Standing t(run, c, before);
    const Tensor score
        = c.hasInterpreters() ? interpreted(run, c, group, t, before) : remembered(run, t, before); // [B, n]
    Tensor kept = t.kept;
    if (c.curriculumStep < 0 || group <= c.curriculumStep)
        kept = run.isTraining() && group == c.drawnGroup ? drawnBy(run, t, score)
                                                         : ruled(run, c, group, t, score);
    const Tensor record = keepRecord(run, t, score, kept);
    const auto scope = run.in(stagePath(group));
    const Tensor decided = run.show("keep", record, {.queries = parts::vit::layoutOf(c)});
    if (!decided.same(record)) // an edit had its say
        kept = chosen(
            run, t, [&](Index i) { return decided.data()[(i / t.n * t.all + t.number(i)) * 2 + 1] != 0; });
    showLeft(run, t, kept);

    State after{before.x, before.layout, before.more};
    after.more.set(flow::cost, costAfter(run, c, group, before, kept));
    if (c.isMasked || run.isTraining() || t.batch > 1) {
        after.x = nn::scaledTokens(run, before.x, kept);
        after.more.set(flow::kept, kept);
        return after;
    }
    const std::vector<std::int32_t> stay = positionsOf(t, kept, 0);
    const auto count = static_cast<Index>(stay.size());
    const Tensor positions = Tensor::of<std::int32_t>({1, count}, std::span<const std::int32_t>(stay));
    Tensor numbers({1, count}, DType::I32);
    for (Index k = 0; k < count; ++k)
        numbers.writable<std::int32_t>()[static_cast<std::size_t>(k)]
            = static_cast<std::int32_t>(t.number(stay[static_cast<std::size_t>(k)]));
    after.x = nn::selectTokens(run, before.x, positions); // [1, kept, C]
    after.layout = before.layout->selected(std::span(stay));
    after.more.set(flow::numbers, numbers);
    return after;
}

}
