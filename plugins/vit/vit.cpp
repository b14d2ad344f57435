// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "plugins/vit/vit_config.h"

#include "core/nn/dropout.h"
#include "core/nn/elementwise.h"
#include "core/nn/layer_norm.h"
#include "core/nn/linear.h"
#include "core/nn/tokens.h"
#include "core/parts/mlp.h"
#include "core/parts/patch_embedding.h"
#include "core/parts/self_attention.h"

#include <algorithm>
#include <array>

namespace fovea::plugin::vit {

namespace {

Tensor normed(Run& run, const VitConfig& c, const Tensor& x, std::string_view name, const LayoutPtr& layout)
{
    const Tensor y = nn::layerNorm(run, x, name, c.normEps);
    const auto scope = run.in(name);
    return run.show("out", y, {.queries = layout});
}

/// Picture to tokens: patches, special tokens before them, positions added to all.
State embed(Run& run, const VitConfig& c, const State& picture)
{
    const parts::GridSize grid = c.grid();
    const auto layoutWith = [&](std::vector<std::string> specials) {
        return TokenLayout::image(static_cast<int>(grid.rows), static_cast<int>(grid.cols), c.imageSize,
            c.imageSize, std::move(specials));
    };
    std::vector<Tensor> tokens;
    if (c.hasClassToken)
        tokens.push_back(run.weight("cls_token")); // [1, 1, C]
    if (c.isDistilled)
        tokens.push_back(run.weight("dist_token")); // [1, 1, C]
    if (c.registers > 0)
        tokens.push_back(run.weight("reg_token")); // [1, R, C]
    {
        const auto scope = run.in("patch_embed");
        const auto normEps = c.hasPatchNorm ? std::optional(c.normEps) : std::nullopt;
        tokens.push_back(
            parts::patchEmbedding(run, picture.x, c.patchSize, layoutWith({}), normEps)); // [B, grid, C]
    }
    const LayoutPtr layout = layoutWith(c.specials());
    const Tensor x = nn::add(run, nn::concatTokens(run, tokens), run.weight("pos_embed")); // [B, N, C]
    return {
        nn::dropout(run, run.show("embed.out", x, {.queries = layout}), c.dropout, "pos_drop"), layout, {}};
}

/// Whether of the last block's result only the special tokens are of use, since the head reads no other and
/// nobody watches: all that follows the last attention is then made for them alone.
bool needsSpecialsOnly(Run& run, const VitConfig& c)
{
    const std::string last = "blocks." + std::to_string(c.depth - 1);
    if (c.poolsMean || run.wantsState(last) || run.wants("norm.out") != Want::Nothing)
        return false;
    const auto scope = run.in(last);
    return std::ranges::all_of(std::array{"norm2.out", "mlp.hidden", "mlp.out", "out"},
        [&](const char* signal) { return run.wants(signal) == Want::Nothing; });
}

/// Attention and MLP, each beside a path that carries x on; the norms stand before them or after the sums.
State block(Run& run, const VitConfig& c, int index, const State& before, bool specialsOnly)
{
    const LayoutPtr& layout = before.layout;
    const auto attention = [&](const Tensor& x) {
        const auto scope = run.in("attn");
        const Tensor y = parts::selfAttention(run, x, {c.heads, c.hasProjection, c.dropout}, layout);
        return nn::dropPath(run, y, c.dropPathOf(index), "drop_path");
    };
    const auto mlp = [&](const Tensor& x) {
        const auto scope = run.in("mlp");
        const Tensor y = parts::mlp(run, x, c.activation, layout, c.dropout);
        return nn::dropPath(run, y, c.dropPathOf(index), "drop_path");
    };
    const auto kept = [&](const Tensor& x) {
        return specialsOnly ? nn::someTokens(run, x, 0, static_cast<Index>(c.specials().size())) : x;
    };
    Tensor x = before.x; // [B, N, C]
    if (c.isPreNorm) {
        x = kept(nn::add(run, x, attention(normed(run, c, x, "norm1", layout))));
        x = nn::add(run, x, mlp(normed(run, c, x, "norm2", layout)));
    } else {
        x = kept(normed(run, c, nn::add(run, x, attention(x)), "norm1", layout));
        x = normed(run, c, nn::add(run, x, mlp(x)), "norm2", layout);
    }
    return {run.show("out", x, {.queries = layout}), layout, {}};
}

/// One of the two classifiers of a distilled model; its logits are a signal of their own.
Tensor readOut(Run& run, const Tensor& x, Index token, std::string_view name)
{
    const Tensor logits = nn::linear(run, nn::takeToken(run, x, token), name); // [B, class]
    const auto scope = run.in(name);
    return run.show("out", logits);
}

State head(Run& run, const VitConfig& c, const State& before)
{
    Tensor x = before.x; // [B, N, C]
    if (c.normsTokens)
        x = normed(run, c, x, "norm", before.layout);
    Tensor logits;
    if (c.isDistilled) {
        const Tensor cls = readOut(run, x, 0, "head"), dist = readOut(run, x, 1, "head_dist");
        logits = nn::scaled(run, nn::add(run, cls, dist), 0.5F);
    } else {
        const auto first = static_cast<Index>(c.specials().size());
        x = c.poolsMean ? nn::meanTokens(run, x, first) : nn::takeToken(run, x, 0); // [B, C]
        if (c.normsPooled)
            x = normed(run, c, x, "fc_norm", {});
        logits = nn::linear(run, x, "head");
    }
    return {run.show("logits", logits), {}, {}};
}

}

Tensor Vit::forward(Run& run, const Config& config, const Tensor& input) const
{
    const VitConfig c(config);
    State state{input, {}, {}}; // [B, 3, H, W]
    state = run.block("embed", {}, state, [&](const State& s) { return embed(run, c, s); }); // [B, N, C]
    const bool specialsOnly = needsSpecialsOnly(run, c);
    for (int i = 0; i < c.depth; ++i)
        state = run.block("blocks." + std::to_string(i), state,
            [&](const State& s) { return block(run, c, i, s, specialsOnly && i + 1 == c.depth); });
    state = run.block("head", {}, state, [&](const State& s) { return head(run, c, s); });
    return state.x; // [B, class]
}

}
