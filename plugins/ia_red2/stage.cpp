// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/ia_red2/stage.h"

#include "plugins/ia_red2/interpreter.h"

#include "core/nn/layer_norm.h"
#include "core/nn/tokens.h"
#include "core/parts/token_reduction.h"
#include "core/parts/vit/forward.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace fovea::plugin::ia_red2 {

using parts::StandingTokens;

namespace {

constexpr double interpreterEps = 1e-5; // PyTorch's own, where the blocks have 1e-6

/// The interpreter's score of each token, f32 [B, n].
Tensor interpreted(Run& run, const IaRed2Config& c, int group, const StandingTokens& t, const State& before)
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
Tensor remembered(Run& run, const StandingTokens& t, const State& before)
{
    Tensor score = run.make({t.batch, t.n});
    const Tensor* given = before.more.find(flow::given);
    for (Index i = 0; i < t.batch * t.n; ++i)
        score.writable().data()[i] = given && t.isKept(i) ? given->data()[i / t.n * t.all + t.number(i)] : 0;
    return score;
}

/// What the rule makes of the scores, f32 [B, n].
Tensor ruled(Run& run, const IaRed2Config& c, int group, const StandingTokens& t, const Tensor& score)
{
    if (c.rule != Rule::Threshold)
        return t.highest(run, score, [&](Index) { return c.keptCount(group); });
    const auto threshold = static_cast<float>(c.threshold);
    return t.chosen(run, [&](Index i) { return score.data()[i] > threshold; });
}

/// Each token stays with the probability of its score; how likely that was is told.
Tensor drawnBy(Run& run, const StandingTokens& t, const Tensor& score)
{
    const RandomPlace place = run.random("draw");
    const Tensor kept = t.chosen(
        run, [&](Index i) { return place.uniform(static_cast<std::uint64_t>(i)) < score.data()[i]; });
    run.tell("log_probability", logProbability(run, score, kept, t.kept, t.specials));
    return kept;
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
    const Index channels = pictures.dim(1), height = pictures.dim(2), width = pictures.dim(3);
    const Index p = c.patchSize, top = patch / c.grid().cols * p, left = patch % c.grid().cols * p;
    double sum = 0, squares = 0;
    for (Index channel = 0; channel < channels; ++channel)
        for (Index y = top; y < top + p; ++y) {
            const float* row = pictures.data() + ((b * channels + channel) * height + y) * width + left;
            for (Index x = 0; x < p; ++x) {
                const double value = row[x];
                sum += value;
                squares += value * value;
            }
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
    const StandingTokens t(run, before, c.tokens(), c.tokens() - c.patches());
    const Tensor score
        = c.hasInterpreters() ? interpreted(run, c, group, t, before) : remembered(run, t, before); // [B, n]
    Tensor kept = t.kept;
    if (c.curriculumStep < 0 || group <= c.curriculumStep)
        kept = run.isTraining() && group == c.drawnGroup ? drawnBy(run, t, score)
                                                         : ruled(run, c, group, t, score);
    const auto scope = run.in(stagePath(group));
    kept = parts::showKeep(run, t, score, kept, [&] { return parts::vit::layoutOf(c); });
    parts::showLeft(run, t, kept);

    State after{before.x, before.layout, before.more};
    after.more.set(flow::cost, costAfter(run, c, group, before, kept));
    if (c.isMasked || run.isTraining() || t.batch > 1) {
        after.x = nn::scaledTokens(run, before.x, kept);
        after.more.set(flow::kept, kept);
        return after;
    }
    return parts::selected(run, after, parts::shortened(run, t, kept));
}

}
