// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/spectformer/forms.h"

#include "core/nn/attention.h"
#include "core/nn/batch_norm.h"
#include "core/nn/conv.h"
#include "core/nn/custom.h"
#include "core/nn/dropout.h"
#include "core/nn/elementwise.h"
#include "core/nn/layer_norm.h"
#include "core/nn/linear.h"
#include "core/nn/tokens.h"
#include "core/parts/global_filter.h"
#include "core/parts/mlp.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace fovea::plugin::spectformer {

namespace {

/// [B, H, W, C] -> [B, H W, C]
Tensor asTokens(const Tensor& grid)
{
    return grid.reshaped({grid.dim(0), grid.dim(1) * grid.dim(2), grid.dim(3)});
}
/// [B, N, C] -> [B, H, W, C]
Tensor asGrid(const Tensor& tokens, parts::GridSize grid)
{
    return tokens.reshaped({tokens.dim(0), grid.rows, grid.cols, tokens.dim(2)});
}

/// Three convolutions, the first of which halves the picture; each with its norm and ReLU.
Tensor stem(Run& run, const SpectformerConfig& c, const Tensor& image)
{
    const int side = c.imageSize / 2;
    const LayoutPtr layout = TokenLayout::image(side, side, c.imageSize, c.imageSize);
    Tensor x = nn::channelsLast(run, image); // [B, H, W, 3]
    const auto scope = run.in("conv");
    for (int i = 0; i < 3; ++i) {
        const auto module = [i](int offset) { return std::to_string(3 * i + offset); };
        x = nn::conv2d(run, x, module(0), i == 0 ? nn::ConvOptions{2, 3} : nn::ConvOptions{1, 1});
        x = nn::activate(run, nn::batchNorm(run, x, module(1)), nn::Activation::Relu); // [B, H/2, W/2, stem]
        const auto inner = run.in(module(2));
        const Tensor shown = run.show("out", asTokens(x), {.queries = layout});
        x = asGrid(shown, {side, side});
    }
    return x;
}

/// To the grid of a stage: a convolution that halves the grid before, and a norm of PyTorch's own eps.
State embed(Run& run, const SpectformerConfig& c, std::size_t stage, const State& before)
{
    constexpr double eps = 1e-5;
    const LayoutPtr layout = c.layout(c.stages[stage]);
    Tensor x = before.x; // [B, 3, H, W], later [B, N, C]
    if (stage > 0)
        x = asGrid(normed(run, x, "norm" + std::to_string(stage), c.normEps, before.layout),
            c.stages[stage - 1].grid);
    const auto scope = run.in("patch_embed" + std::to_string(stage + 1));
    if (stage == 0)
        x = stem(run, c, x);
    x = nn::layerNorm(run, asTokens(nn::conv2d(run, x, "proj", {2, 1})), "norm", eps);
    return {run.show("out", x, {.queries = layout}), layout, {}};
}

/// Some tokens look at others (or all at all): [B, query, C] and [B, key, C] -> [B, query, C].
Tensor attend(Run& run, const Tensor& queries, const Tensor& keys, int heads, nn::AttentionOptions options)
{
    const auto scope = run.in("attn");
    const Tensor q = nn::linear(run, queries, "q"), kv = nn::linear(run, keys, "kv");
    options.scale = 1 / std::sqrt(static_cast<float>(q.dim(2) / heads));
    const Tensor z = nn::attention(run, nn::unpacked(q, 0, 1, heads), nn::unpacked(kv, 0, 2, heads),
        nn::unpacked(kv, 1, 2, heads), options);
    return run.show("out", nn::linear(run, z, "proj"), {.queries = options.queries});
}

/// An MLP whose hidden units see their neighbours: fc2(GELU(depthwise convolution(fc1(x)))).
Tensor convolvedMlp(Run& run, const Tensor& x, const Stage& stage, const LayoutPtr& layout)
{
    const auto scope = run.in("mlp");
    Tensor y = asGrid(nn::linear(run, x, "fc1"), stage.grid); // [B, H, W, hidden]
    y = asTokens(nn::conv2d(run, y, "dwconv.dwconv", {1, 1, stage.hidden}));
    y = nn::activate(run, run.show("dwconv.out", y, {.queries = layout}), nn::Activation::Gelu);
    y = nn::linear(run, run.show("hidden", y, {.queries = layout}), "fc2");
    return run.show("out", y, {.queries = layout});
}

/// A filter or attention, then the MLP, each beside a path that carries x on.
State block(Run& run, const SpectformerConfig& c, const Stage& stage, int index, const State& before)
{
    const LayoutPtr& layout = before.layout;
    const auto adding = [&](const Tensor& x, const Tensor& y, std::string_view name) {
        return nn::add(run, x, nn::dropPath(run, y, c.dropPathOf(index), name));
    };
    const auto mixed = [&](const Tensor& y) {
        if (!stage.isSpectral)
            return attend(run, y, y, stage.heads, {1, layout, {}});
        const auto scope = run.in("attn");
        return parts::globalFilter(run, y, layout);
    };
    Tensor x = before.x; // [B, N, C]
    x = adding(x, mixed(normed(run, x, "norm1", c.normEps, layout)), "attn.drop_path");
    x = adding(
        x, convolvedMlp(run, normed(run, x, "norm2", c.normEps, layout), stage, layout), "mlp.drop_path");
    return {run.show("out", x, {.queries = layout}), layout, {}};
}

/// The mean of the patches becomes a class token, which alone looks at all (Touvron et al., CaiT, 2021).
State classBlock(Run& run, const SpectformerConfig& c, const State& before)
{
    constexpr std::array first{0};
    const Stage& stage = c.stages.back();
    const LayoutPtr all = c.layout(stage, {"cls"}), cls = all->selected(first);
    const Shape one{before.x.dim(0), 1, before.x.dim(2)};
    Tensor x = nn::meanTokens(run, before.x, 0).reshaped(one); // [B, 1, C]
    const Tensor keys = normed(
        run, nn::concatTokens(run, std::array{x, before.x}), "norm1", c.normEps, all); // [B, 1 + N, C]
    x = nn::add(
        run, x, attend(run, nn::takeToken(run, keys, 0).reshaped(one), keys, stage.heads, {1, cls, all}));
    {
        const Tensor y = normed(run, x, "norm2", c.normEps, cls);
        const auto scope = run.in("mlp");
        x = nn::add(run, x, parts::mlp(run, y, nn::Activation::Gelu, cls));
    }
    x = nn::concatTokens(run, std::array{x, before.x});
    return {run.show("out", x, {.queries = all}), all, {}};
}

/// The largest over the tokens, [B, N, C] -> [B, C]; the gradient goes to the first that has it.
Tensor bestOfTokens(Run& run, const Tensor& x)
{
    const Index batch = x.dim(0), tokens = x.dim(1), channels = x.dim(2);
    const auto bestAt = [=](Index b, Index c) {
        const float* from = x.data() + b * tokens * channels + c;
        Index best = 0;
        for (Index t = 1; t < tokens; ++t)
            if (from[t * channels] > from[best * channels] || std::isnan(from[t * channels]))
                best = t;
        return (b * tokens + best) * channels + c;
    };
    return nn::custom(
        run, {x},
        [=](Run& r) {
            Tensor out = r.make({batch, channels});
            for (Index i = 0; i < batch * channels; ++i)
                out.writable().data()[i] = x.data()[bestAt(i / channels, i % channels)];
            return out;
        },
        [=](Run& r, const nn::CustomBackward& what) {
            Tensor gradient = r.make(x.shape());
            std::ranges::fill(gradient.writable(), 0.0F);
            for (Index i = 0; i < batch * channels; ++i)
                gradient.writable().data()[bestAt(i / channels, i % channels)] = what.gradient.data()[i];
            return std::vector<Tensor>{gradient};
        });
}

Tensor scores(Run& run, const Tensor& x, std::string_view name, const Shown& context)
{
    const Tensor y = nn::linear(run, x, name);
    const auto scope = run.in(name);
    return run.show("out", y, context);
}

State classHead(Run& run, const SpectformerConfig& c, const State& before)
{
    const Tensor x = normed(run, before.x, "norm4", c.normEps, before.layout); // [B, 1 + N, C]
    Tensor logits = scores(run, nn::takeToken(run, x, 0), "head", {}); // [B, class]
    if (c.hasTokenLabels) { // Jiang et al., All Tokens Matter, 2021
        const LayoutPtr patches = c.layout(c.stages.back());
        const Tensor last = nn::someTokens(run, x, 1, x.dim(1) - 1);
        const Tensor each = scores(run, last, "aux_head", {.queries = patches}); // [B, N, class]
        logits = nn::add(run, logits, nn::scaled(run, bestOfTokens(run, each), 0.5F));
    }
    return {run.show("logits", logits), {}, {}};
}

}

Tensor forwardHierarchical(Run& run, const SpectformerConfig& c, const Tensor& input)
{
    State state{input, {}, {}}; // [B, 3, H, W]
    for (std::size_t i = 0; i < c.stages.size(); ++i) {
        const Stage& stage = c.stages[i];
        state = run.block("patch_embed" + std::to_string(i + 1), {}, state,
            [&](const State& s) { return embed(run, c, i, s); }); // [B, N, C]
        for (int j = 0; j < stage.depth; ++j)
            state = run.block(blockPath(c, i, j), state,
                [&](const State& s) { return block(run, c, stage, stage.first + j, s); });
    }
    state = run.block("post_network.0", state, [&](const State& s) { return classBlock(run, c, s); });
    state = run.block("head", {}, state, [&](const State& s) { return classHead(run, c, s); });
    return state.x; // [B, class]
}

}
