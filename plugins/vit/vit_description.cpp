// What a ViT says of itself before it runs: identity, parameters, blocks, signals.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"
#include "plugins/vit/vit_config.h"

#include <cmath>

namespace fovea::plugin::vit {

namespace {

/// Collects a Manifest with the initialisers of DeiT's code, or with matrices after Glorot and Bengio (2010)
/// as ViT's own code has them: normal, of variance 2 / (in + out).
struct Parameters {
    bool isGlorot;
    Manifest list = {};

    void add(const std::string& name, const Shape& shape, const Initialiser& initialiser)
    {
        list.push_back({name, shape, initialiser});
    }
    void token(const std::string& name, const Shape& shape)
    {
        add(name, shape, {Initialiser::Rule::TruncatedNormal, 0.02});
    }
    void norm(const std::string& name, Index dim)
    {
        add(name + ".weight", {dim}, {Initialiser::Rule::Constant, 1});
        add(name + ".bias", {dim}, {});
    }
    void linear(const std::string& name, Index out, Index in, bool hasBias = true)
    {
        const double deviation = isGlorot ? std::sqrt(2 / static_cast<double>(in + out)) : 0.02;
        add(name + ".weight", {out, in}, {Initialiser::Rule::TruncatedNormal, deviation});
        if (hasBias)
            add(name + ".bias", {out}, {});
    }
    void head(const std::string& name, Index out, Index in)
    {
        token(name + ".weight", {out, in}); // small in any case: no class is likelier than another at first
        add(name + ".bias", {out}, {});
    }
};

/// Collects the signals of one block, or of what stands around the blocks (depth -1).
struct Signals {
    std::vector<SignalInfo>& list;
    std::string block, prefix;
    int depth;

    void add(const std::string& name, Kind kind, const std::string& role, const std::string& help)
    {
        SignalInfo info;
        info.path = prefix + name;
        info.kind = kind;
        info.role = role;
        info.depth = depth;
        info.block = block;
        info.help = help;
        list.push_back(info);
    }
};

void addAttention(Signals& s)
{
    s.add("attn.q", Kind::Heads, "queries", "what each token looks for");
    s.add("attn.k", Kind::Heads, "keys", "what each token offers to be found by");
    s.add("attn.v", Kind::Heads, "values", "what each token gives when it is looked at");
    s.add("attn.scores", Kind::Attention, "scores before softmax", "q k^T / sqrt(head channels)");
    s.add("attn.pattern", Kind::Attention, "attention after softmax",
        "how each query shares itself out over the keys");
    s.add("attn.head", Kind::Heads, "head outputs", "the values each head gathered, before the projection");
    s.add("attn.out", Kind::Tokens, "attention output", "what attention adds to the stream");
}

void addMlp(Signals& s)
{
    s.add("mlp.hidden", Kind::Tokens, "hidden units", "the MLP's units after the activation");
    s.add("mlp.out", Kind::Tokens, "MLP output", "what the MLP adds to the stream");
}

void addBlock(Signals& s, bool isPreNorm)
{
    const auto norm = [&](const std::string& name, const std::string& next) {
        s.add(name + ".out", Kind::Tokens, "normalised tokens",
            isPreNorm ? "what " + next + " reads" : "the sum, normalised");
    };
    if (isPreNorm)
        norm("norm1", "attention");
    addAttention(s);
    norm(isPreNorm ? "norm2" : "norm1", "the MLP");
    addMlp(s);
    if (!isPreNorm)
        norm("norm2", {});
    s.add("out", Kind::Tokens, "token stream", "the stream after this block");
}

}

Identity Vit::identity() const
{
    return {"vit", "ViT / DeiT", "attention", "image classification",
        {"An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale", 2020, "2010.11929"},
        "A plain transformer encoder over the patches of a picture; DeiT adds a distillation token."};
}

Schema Vit::schema() const { return vit::schema(); }

std::vector<Preset> Vit::presets() const { return vit::presets(); }

Manifest Vit::manifest(const Config& config) const
{
    const VitConfig c(config);
    const Index inner = Index{c.heads} * c.headDim, pixels = Index{c.channels} * c.patchSize * c.patchSize;
    Parameters p{c.isGlorot};
    if (c.hasClassToken)
        p.token("cls_token", {1, 1, c.dim});
    p.add("pos_embed", {1, c.tokens(), c.dim},
        {Initialiser::Rule::TruncatedNormal, c.isGlorot ? 0.5 : 0.02}); // a fresh patch has about .5
    if (c.isDistilled)
        p.token("dist_token", {1, 1, c.dim});
    if (c.registers > 0)
        p.token("reg_token", {1, c.registers, c.dim});
    if (c.hasPatchNorm)
        p.norm("patch_embed.norm1", pixels);
    p.add("patch_embed.proj.weight", {c.dim, c.channels, c.patchSize, c.patchSize},
        {Initialiser::Rule::Uniform, 1 / std::sqrt(static_cast<double>(pixels))});
    p.add("patch_embed.proj.bias", {c.dim}, {});
    if (c.hasPatchNorm)
        p.norm("patch_embed.norm2", c.dim);
    for (int i = 0; i < c.depth; ++i) {
        const std::string block = "blocks." + std::to_string(i);
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

Shape Vit::inputShape(const Config& config) const
{
    const VitConfig c(config);
    return {c.channels, c.imageSize, c.imageSize};
}

std::vector<std::string> Vit::blocks(const Config& config) const
{
    std::vector<std::string> paths{"embed"};
    for (int i = 0; i < config.count("depth"); ++i)
        paths.push_back("blocks." + std::to_string(i));
    paths.push_back("head");
    return paths;
}

std::vector<SignalInfo> Vit::signalInfos(const Config& config) const
{
    const VitConfig c(config);
    std::vector<SignalInfo> list;
    Signals stem{list, "embed", {}, -1};
    stem.add("patch_embed.out", Kind::Tokens, "patch embedding", "each patch as the filters see it");
    stem.add("embed.out", Kind::Tokens, "token stream", "patches and special tokens with their positions");
    for (int i = 0; i < c.depth; ++i) {
        const std::string path = "blocks." + std::to_string(i);
        Signals signals{list, path, path + ".", i};
        addBlock(signals, c.isPreNorm);
    }
    Signals end{list, "head", {}, -1};
    if (c.normsTokens)
        end.add("norm.out", Kind::Tokens, "normalised tokens", "the stream after the last norm");
    if (c.normsPooled)
        end.add("fc_norm.out", Kind::Vector, "pooled token", "the mean over the patches, normalised");
    if (c.isDistilled) {
        end.add("head.out", Kind::Vector, "logits of the class token", "one score per class");
        end.add("head_dist.out", Kind::Vector, "logits of the distillation token", "one score per class");
    }
    end.add("logits", Kind::Vector, "logits",
        c.isDistilled ? "mean of both heads' logits" : "one score per class");
    return list;
}

NamedTensors Vit::resized(const Config& from, const Config& to, NamedTensors parameters) const
{
    const VitConfig c(to);
    const Index side = from.integer("image_size") / from.integer("patch_size");
    const parts::GridSize before{side, side};
    const Tensor* positions = parameters.find("pos_embed");
    if (positions && side != c.grid().rows && positions->rank() == 3
        && positions->dim(1) == static_cast<Index>(c.specials().size()) + before.count())
        parameters.set("pos_embed", parts::resizedPositions(*positions, before, c.grid()));
    return parameters;
}

Config Vit::tinyConfig() const
{
    Config config(schema());
    const std::pair<const char*, std::int64_t> small[]
        = {{"image_size", 32}, {"patch_size", 8}, {"dim", 24}, {"depth", 2}, {"heads", 3}, {"classes", 10}};
    for (const auto& [name, value] : small)
        config.set(name, value);
    return config;
}

}
