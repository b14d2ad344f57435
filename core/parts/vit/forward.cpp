// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/vit/forward.h"

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

namespace fovea::parts::vit {

namespace {

Tensor normed(Run& run, const VitConfig& c, const Tensor& x, std::string_view name, const LayoutPtr& layout)
{
    const Tensor y = nn::layerNorm(run, x, name, c.normEps);
    const auto scope = run.in(name);
    return run.show("out", y, {.queries = layout});
}

/// One of the two classifiers of a distilled model; its logits are a signal of their own.
Tensor readOut(Run& run, const Tensor& x, Index token, std::string_view name)
{
    const Tensor logits = nn::linear(run, nn::takeToken(run, x, token), name); // [B, class]
    const auto scope = run.in(name);
    return run.show("out", logits);
}

LayoutPtr layoutWith(const VitConfig& c, std::vector<std::string> specials)
{
    const GridSize grid = c.grid();
    return TokenLayout::image(static_cast<int>(grid.rows), static_cast<int>(grid.cols), c.imageSize,
        c.imageSize, std::move(specials));
}

}

LayoutPtr layoutOf(const VitConfig& c) { return layoutWith(c, c.specials()); }

State embed(Run& run, const VitConfig& c, const State& picture)
{
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
            patchEmbedding(run, picture.x, c.patchSize, layoutWith(c, {}), normEps)); // [B, grid, C]
    }
    const LayoutPtr layout = layoutOf(c);
    const Tensor x = nn::add(run, nn::concatTokens(run, tokens), run.weight("pos_embed")); // [B, N, C]
    return {
        nn::dropout(run, run.show("embed.out", x, {.queries = layout}), c.dropout, "pos_drop"), layout, {}};
}

Tensor attentionHalf(
    Run& run, const VitConfig& c, int index, const State& before, const BlockOptions& options)
{
    const Tensor& x = before.x; // [B, N, C]
    const auto attention = [&](const Tensor& of) {
        const auto scope = run.in("attn");
        const Tensor y = selfAttention(run, of,
            {c.heads, c.hasProjection, c.dropout, options.kept, options.keyBias, options.taken},
            before.layout);
        return nn::dropPath(run, y, c.dropPathOf(index), "drop_path");
    };
    const auto wanted = [&](const Tensor& of) {
        return options.specialsOnly ? nn::someTokens(run, of, 0, static_cast<Index>(c.specials().size()))
                                    : of;
    };
    if (c.isPreNorm)
        return wanted(nn::add(run, x, attention(normed(run, c, x, "norm1", before.layout))));
    return wanted(normed(run, c, nn::add(run, x, attention(x)), "norm1", before.layout));
}

State mlpHalf(Run& run, const VitConfig& c, int index, const State& before)
{
    const LayoutPtr& layout = before.layout;
    const auto mlp = [&](const Tensor& of) {
        const auto scope = run.in("mlp");
        const Tensor y = parts::mlp(run, of, c.activation, layout, c.dropout);
        return nn::dropPath(run, y, c.dropPathOf(index), "drop_path");
    };
    const Tensor x = c.isPreNorm ? nn::add(run, before.x, mlp(normed(run, c, before.x, "norm2", layout)))
                                 : normed(run, c, nn::add(run, before.x, mlp(before.x)), "norm2", layout);
    return {run.show("out", x, {.queries = layout}), layout, before.more};
}

State block(Run& run, const VitConfig& c, int index, const State& before, const BlockOptions& options)
{
    return mlpHalf(
        run, c, index, {attentionHalf(run, c, index, before, options), before.layout, before.more});
}

bool needsSpecialsOnly(Run& run, const VitConfig& c)
{
    const std::string last = "blocks." + std::to_string(c.depth - 1);
    if (c.poolsMean || run.wantsState(last) || run.wants("norm.out") != Want::Nothing)
        return false;
    const auto scope = run.in(last);
    return std::ranges::all_of(std::array{"norm2.out", "mlp.hidden", "mlp.out", "out"},
        [&](const char* signal) { return run.wants(signal) == Want::Nothing; });
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
