// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/spectformer/forms.h"

#include "core/nn/dropout.h"
#include "core/nn/elementwise.h"
#include "core/nn/linear.h"
#include "core/nn/tokens.h"
#include "core/parts/global_filter.h"
#include "core/parts/mlp.h"
#include "core/parts/patch_embedding.h"
#include "core/parts/self_attention.h"

namespace fovea::plugin::spectformer {

namespace {

State embed(Run& run, const SpectformerConfig& c, const State& picture)
{
    const LayoutPtr layout = c.layout(c.stages.front());
    Tensor x;
    {
        const auto scope = run.in("patch_embed");
        x = parts::patchEmbedding(run, picture.x, c.patchSize, layout); // [B, N, C]
    }
    x = run.show("embed.out", nn::add(run, x, run.weight("pos_embed")), {.queries = layout});
    return {nn::dropout(run, x, c.dropout, "pos_drop"), layout, {}};
}

Tensor mlp(Run& run, const SpectformerConfig& c, const Tensor& x, const LayoutPtr& layout)
{
    const auto scope = run.in("mlp");
    return parts::mlp(run, x, nn::Activation::Gelu, layout, c.dropout);
}

/// x + MLP(norm(filter(norm(x)))): the filter has no path around it of its own.
State spectralBlock(Run& run, const SpectformerConfig& c, int index, const Stage&, const State& before)
{
    const LayoutPtr& layout = before.layout;
    Tensor x = normed(run, before.x, "norm1", c.normEps, layout); // [B, N, C]
    {
        const auto scope = run.in("filter");
        x = parts::globalFilter(run, x, layout);
    }
    x = mlp(run, c, normed(run, x, "norm2", c.normEps, layout), layout);
    x = nn::add(run, before.x, nn::dropPath(run, x, c.dropPathOf(index), "drop_path"));
    return {run.show("out", x, {.queries = layout}), layout, {}};
}

/// Attention and MLP, each beside a path that carries x on.
State attentionBlock(Run& run, const SpectformerConfig& c, int index, const Stage& stage, const State& before)
{
    const LayoutPtr& layout = before.layout;
    Tensor x = before.x; // [B, N, C]
    {
        const Tensor y = normed(run, x, "norm1", c.normEps, layout);
        const auto scope = run.in("attn");
        const Tensor z = parts::selfAttention(run, y, {stage.heads, true, c.dropout}, layout);
        x = nn::add(run, x, nn::dropPath(run, z, c.dropPathOf(index), "drop_path"));
    }
    const Tensor y = mlp(run, c, normed(run, x, "norm2", c.normEps, layout), layout);
    x = nn::add(run, x, nn::dropPath(run, y, c.dropPathOf(index), "mlp.drop_path"));
    return {run.show("out", x, {.queries = layout}), layout, {}};
}

State meanHead(Run& run, const SpectformerConfig& c, const State& before)
{
    const Tensor x = normed(run, before.x, "norm", c.normEps, before.layout); // [B, N, C]
    return {run.show("logits", nn::linear(run, nn::meanTokens(run, x, 0), "head")), {}, {}};
}

}

Tensor forwardVanilla(Run& run, const SpectformerConfig& c, const Tensor& input)
{
    State state{input, {}, {}}; // [B, 3, H, W]
    state = run.block("embed", {}, state, [&](const State& s) { return embed(run, c, s); }); // [B, N, C]
    for (std::size_t stage = 0; stage < c.stages.size(); ++stage)
        for (int i = 0; i < c.stages[stage].depth; ++i)
            state = run.block(blockPath(c, stage, i), state, [&](const State& s) {
                const auto block = c.stages[stage].isSpectral ? spectralBlock : attentionBlock;
                return block(run, c, c.stages[stage].first + i, c.stages[stage], s);
            });
    state = run.block("head", {}, state, [&](const State& s) { return meanHead(run, c, s); });
    return state.x; // [B, class]
}

}
