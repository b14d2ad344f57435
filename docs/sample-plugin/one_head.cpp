// The smallest vision transformer: patches, one attention, mean, classifier. A whole plugin in one file.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/elementwise.h"
#include "core/nn/linear.h"
#include "core/nn/tokens.h"
#include "core/parts/patch_embedding.h"
#include "core/parts/self_attention.h"
#include "core/source/registry.h"

using namespace fovea;

namespace {

class OneHead final : public Architecture {
public:
    Identity identity() const override
    {
        return {"one_head", "One head", "attention", "image classification", {"None: a sample", 2026, ""},
            "A single attention between the patches of a picture."};
    }

    Schema schema() const override
    {
        return {{"image_size", std::int64_t{32}, "side of the picture", 8, 1024, "px"},
            {"patch_size", std::int64_t{8}, "side of a patch", 1, 64, "px"},
            {"dim", std::int64_t{16}, "channels of a token", 1, 4096},
            {"classes", std::int64_t{10}, "classes", 2, 100000}};
    }
    std::vector<Preset> presets() const override { return {{"fine", {{"patch_size", 4}}}}; }
    Shape inputShape(const Config& c) const override
    {
        return {3, c.integer("image_size"), c.integer("image_size")};
    }

    Manifest manifest(const Config& c) const override
    {
        const Index dim = c.integer("dim"), patch = c.integer("patch_size"), classes = c.integer("classes");
        if (c.integer("image_size") % patch != 0)
            throw Error(
                "field 'patch_size': expected a divisor of image_size, found " + std::to_string(patch));
        const Initialiser normal{Initialiser::Rule::TruncatedNormal, 0.02}, zero;
        return {{"patch_embed.proj.weight", {dim, 3, patch, patch}, normal},
            {"patch_embed.proj.bias", {dim}, zero}, {"attn.qkv.weight", {3 * dim, dim}, normal},
            {"attn.proj.weight", {dim, dim}, normal}, {"head.weight", {classes, dim}, normal}};
    }

    std::vector<std::string> blocks(const Config&) const override { return {"patch_embed", "attn", "head"}; }

    std::vector<SignalInfo> signalInfos(const Config&) const override
    {
        return {{"patch_embed.out", Kind::Tokens, "patch embedding", -1, "patch_embed"},
            {"attn.q", Kind::Heads, "queries", 0, "attn"}, {"attn.k", Kind::Heads, "keys", 0, "attn"},
            {"attn.v", Kind::Heads, "values", 0, "attn"},
            {"attn.scores", Kind::Attention, "attention before softmax", 0, "attn"},
            {"attn.pattern", Kind::Attention, "attention after softmax", 0, "attn"},
            {"attn.head", Kind::Heads, "output of the head", 0, "attn"},
            {"attn.out", Kind::Tokens, "what attention adds", 0, "attn"},
            {"logits", Kind::Vector, "logits", -1, ""}};
    }

    Tensor forward(Run& run, const Config& c, const Tensor& input) const override
    {
        const int side = c.count("image_size"), grid = side / c.count("patch_size");
        State s{input, nullptr, {}}; // [B, 3, side, side]
        s = run.block("patch_embed", s, [&](const State& in) {
            const LayoutPtr layout = TokenLayout::image(grid, grid, side, side);
            return State{parts::patchEmbedding(run, in.x, c.integer("patch_size"), layout), layout, {}};
        }); // [B, grid * grid, dim]
        s = run.block("attn", s, [&](const State& in) {
            const Tensor added = parts::selfAttention(run, in.x, {}, in.layout);
            return State{nn::add(run, in.x, added), in.layout, {}};
        }); // [B, grid * grid, dim]
        s = run.block("head", {}, s, [&](const State& in) {
            return State{nn::linear(run, nn::meanTokens(run, in.x, 0), "head"), nullptr, {}};
        });
        return run.show("logits", s.x); // [B, classes]
    }
};

void fill(Registry& registry) { registry.add(std::make_unique<OneHead>()); }

}

FOVEA_PLUGIN(fill)
