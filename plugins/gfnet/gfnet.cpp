// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/gfnet/gfnet.h"

#include "plugins/gfnet/gfnet_config.h"

#include "core/nn/dropout.h"
#include "core/nn/elementwise.h"
#include "core/nn/layer_norm.h"
#include "core/nn/linear.h"
#include "core/nn/tokens.h"
#include "core/parts/global_filter.h"
#include "core/parts/mlp.h"
#include "core/parts/patch_embedding.h"

namespace fovea::plugin::gfnet {

namespace {

Tensor normed(Run& run, const GfnetConfig& c, const Tensor& x, std::string_view name, const LayoutPtr& layout)
{
    const Tensor y = nn::layerNorm(run, x, name, c.normEps);
    const auto scope = run.in(name);
    return run.show("out", y, {.queries = layout});
}

/// Picture to tokens: patches, positions added to all.
State embed(Run& run, const GfnetConfig& c, const State& picture)
{
    const LayoutPtr layout = c.layout(0);
    Tensor x;
    {
        const auto scope = run.in(c.embedPath(0));
        x = parts::patchEmbedding(run, picture.x, c.patchSize, layout); // [B, H W, C]
    }
    x = run.show("embed.out", nn::add(run, x, run.weight("pos_embed")), {.queries = layout});
    return {c.isHierarchical() ? x : nn::dropout(run, x, c.dropout, "pos_drop"), layout, {}};
}

/// Between stages: a convolution of 2 x 2 with stride 2, which is a linear map of squares of four tokens.
State merge(Run& run, const GfnetConfig& c, std::size_t stage, const State& before)
{
    const parts::GridSize grid = c.stages[stage - 1].grid;
    const LayoutPtr layout = c.layout(stage);
    const Tensor squares = nn::unfoldTokens(run, before.x, grid.rows, grid.cols, 2); // [B, H/2 W/2, 4 C]
    return {run.show("out", nn::linear(run, squares, "proj"), {.queries = layout}), layout, {}};
}

/// Filter and MLP one after the other, beside one path that carries x on:
/// x + gamma MLP(norm2(filter(norm1(x)))), gamma where there is a layer scale.
State block(Run& run, const GfnetConfig& c, std::size_t stage, int index, const State& before)
{
    const LayoutPtr& layout = before.layout;
    Tensor x = normed(run, c, before.x, "norm1", layout); // [B, H W, C]
    {
        const auto scope = run.in("filter");
        x = parts::globalFilter(run, x, layout);
    }
    x = normed(run, c, x, "norm2", layout);
    {
        const auto scope = run.in("mlp");
        x = parts::mlp(run, x, nn::Activation::Gelu, layout, c.dropout);
    }
    if (const Tensor* gamma = run.maybeWeight("gamma"))
        x = nn::scaledChannels(run, x, *gamma);
    x = nn::dropPath(run, x, c.dropPathOf(c.stages[stage].first + index), "drop_path");
    return {run.show("out", nn::add(run, before.x, x), {.queries = layout}), layout, {}};
}

/// The last block of a stage also shows its result as the stage's.
State blockOf(Run& run, const GfnetConfig& c, std::size_t stage, int index, const State& before)
{
    State after;
    {
        const auto scope = run.in(c.blockPath(stage, index));
        after = block(run, c, stage, index, before);
    }
    if (c.isHierarchical() && index + 1 == c.stages[stage].depth)
        after.x = run.show("blocks." + std::to_string(stage) + ".out", after.x, {.queries = after.layout});
    return after;
}

State head(Run& run, const GfnetConfig& c, const State& before)
{
    const Tensor x = normed(run, c, before.x, "norm", before.layout);
    const Tensor pooled
        = nn::dropout(run, run.show("pool.out", nn::meanTokens(run, x, 0)), c.headDropout, "final_dropout");
    return {run.show("logits", nn::linear(run, pooled, "head")), {}, {}};
}

}

Tensor Gfnet::forward(Run& run, const Config& config, const Tensor& input) const
{
    const GfnetConfig c(config);
    State state{input, {}, {}}; // [B, 3, H, W]
    state = run.block("embed", {}, state, [&](const State& s) { return embed(run, c, s); }); // [B, H W, C]
    for (std::size_t stage = 0; stage < c.stages.size(); ++stage) {
        if (stage > 0)
            state = run.block(
                c.embedPath(stage), state, [&](const State& s) { return merge(run, c, stage, s); });
        for (int i = 0; i < c.stages[stage].depth; ++i)
            state = run.block(c.blockPath(stage, i), {}, state,
                [&](const State& s) { return blockOf(run, c, stage, i, s); });
    }
    state = run.block("head", {}, state, [&](const State& s) { return head(run, c, s); });
    return state.x; // [B, class]
}

}
