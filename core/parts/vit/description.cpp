// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/vit/description.h"

#include "core/parts/parameter_list.h"
#include "core/parts/signal_list.h"

#include <cmath>

namespace fovea::parts::vit {

std::string blockPath(int index) { return "blocks." + std::to_string(index); }

Manifest manifest(const VitConfig& c)
{
    const Index inner = Index{c.heads} * c.headDim, pixels = Index{c.channels} * c.patchSize * c.patchSize;
    ParameterList p{c.isGlorot};
    if (c.hasClassToken)
        p.token("cls_token", {1, 1, c.dim});
    p.positions("pos_embed", {1, c.tokens(), c.dim});
    if (c.isDistilled)
        p.token("dist_token", {1, 1, c.dim});
    if (c.registers > 0)
        p.token("reg_token", {1, c.registers, c.dim});
    if (c.hasPatchNorm)
        p.norm("patch_embed.norm1", pixels);
    p.add("patch_embed.proj.weight", {c.dim, c.channels, c.patchSize, c.patchSize},
        {Initialiser::Rule::Uniform, 1 / std::sqrt(static_cast<double>(pixels))});
    p.add("patch_embed.proj.bias", {c.dim});
    if (c.hasPatchNorm)
        p.norm("patch_embed.norm2", c.dim);
    for (int i = 0; i < c.depth; ++i) {
        const std::string block = blockPath(i);
        p.norm(block + ".norm1", c.dim);
        p.linear(block + ".attn.qkv", 3 * inner, c.dim, c.hasQkvBias);
        if (c.hasProjection)
            p.linear(block + ".attn.proj", c.dim, inner);
        p.norm(block + ".norm2", c.dim);
        p.linear(block + ".mlp.fc1", c.hidden, c.dim);
        p.linear(block + ".mlp.fc2", c.dim, c.hidden);
    }
    if (c.normsTokens)
        p.norm("norm", c.dim);
    if (c.normsPooled)
        p.norm("fc_norm", c.dim);
    p.head("head", c.classes, c.dim);
    if (c.isDistilled)
        p.head("head_dist", c.classes, c.dim);
    return p.list;
}

Shape inputShape(const VitConfig& c) { return {c.channels, c.imageSize, c.imageSize}; }

void addStemSignals(std::vector<SignalInfo>& list)
{
    SignalList stem{list, "embed", {}};
    stem.add("patch_embed.out", Kind::Tokens, "patch embedding", "each patch as the filters see it");
    stem.add("embed.out", Kind::Tokens, "token stream", "patches and special tokens with their positions");
}

void addBlockSignals(
    std::vector<SignalInfo>& list, const VitConfig& c, int index, const std::vector<SignalInfo>& between)
{
    SignalList s{list, blockPath(index), blockPath(index) + ".", index};
    const auto norm = [&](const std::string& name, const std::string& next) {
        s.norm(name, c.isPreNorm ? "what " + next + " reads" : "the sum, normalised");
    };
    if (c.isPreNorm)
        norm("norm1", "attention");
    s.attention("attn", "what attention adds to the stream");
    if (!c.isPreNorm)
        norm("norm1", "the MLP");
    list.insert(list.end(), between.begin(), between.end());
    if (c.isPreNorm)
        norm("norm2", "the MLP");
    s.mlp();
    if (!c.isPreNorm)
        norm("norm2", {});
    s.add("out", Kind::Tokens, "token stream", "the stream after this block");
}

void addHeadSignals(std::vector<SignalInfo>& list, const VitConfig& c)
{
    SignalList end{list, "head", {}};
    if (c.normsTokens)
        end.norm("norm", "the stream after the last norm");
    if (c.normsPooled)
        end.add("fc_norm.out", Kind::Vector, "pooled token", "the mean over the patches, normalised");
    if (c.isDistilled) {
        end.add("head.out", Kind::Vector, "logits of the class token", "one score per class");
        end.add("head_dist.out", Kind::Vector, "logits of the distillation token", "one score per class");
    }
    end.add("logits", Kind::Vector, "logits",
        c.isDistilled ? "mean of both heads' logits" : "one score per class");
}

NamedTensors resized(const Config& from, const Config& to, NamedTensors parameters)
{
    const VitConfig c(to);
    const Index side = from.integer("image_size") / from.integer("patch_size");
    const GridSize before{side, side};
    const Tensor* positions = parameters.find("pos_embed");
    if (positions && side != c.grid().rows && positions->rank() == 3
        && positions->dim(1) == static_cast<Index>(c.specials().size()) + before.count())
        parameters.set("pos_embed", resizedPositions(*positions, before, c.grid()));
    return parameters;
}

void makeTiny(Config& config)
{
    const std::pair<const char*, std::int64_t> small[]
        = {{"image_size", 32}, {"patch_size", 8}, {"dim", 24}, {"depth", 2}, {"heads", 3}, {"classes", 10}};
    for (const auto& [name, value] : small)
        config.set(name, value);
}

}
