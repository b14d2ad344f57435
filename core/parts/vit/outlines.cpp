// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/vit/outlines.h"

#include <algorithm>
#include <cmath>

namespace fovea::parts::vit {

namespace {

Index sideOf(Index cells)
{
    return static_cast<Index>(std::lround(std::sqrt(static_cast<double>(std::max<Index>(cells, 1)))));
}
bool isSquare(Index cells) { return cells > 0 && sideOf(cells) * sideOf(cells) == cells; }

/// The tokens before the patches, and the patches along a side.
struct Tokens {
    bool hasClass, isDistilled;
    Index registers, side;
};

Tokens tokensOf(const Outlines& shapes)
{
    constexpr Index usualSide = 14;
    Tokens tokens{shapes.has("cls_token"), shapes.has("dist_token") || shapes.has("head_dist.*"),
        shapes.most({{"reg_token", 3, 1}}, 0), usualSide};
    const Index positions = shapes.most({{"pos_embed", 3, 1}}, 0);
    if (positions == 0)
        return tokens;
    Index patches = positions - tokens.registers - tokens.hasClass - tokens.isDistilled;
    if (!tokens.hasClass && !isSquare(patches) && isSquare(patches - 1)) {
        tokens.hasClass = true; // it has a position, so it is missing
        --patches;
    }
    if (patches < positions && isSquare(positions))
        patches = positions; // of the patches alone? The manifest refuses them
    tokens.side = sideOf(patches);
    return tokens;
}

}

Config configFor(const Schema& schema, const Outlines& shapes)
{
    Config config(schema);
    const Tokens tokens = tokensOf(shapes);
    const Index dim = shapes.most({{"patch_embed.proj.bias", 1, 0}, {"cls_token", 3, 2}, {"pos_embed", 3, 2},
                                      {"blocks.*.norm1.weight", 1, 0}, {"blocks.*.norm2.weight", 1, 0},
                                      {"norm.weight", 1, 0}, {"patch_embed.proj.weight", 4, 0}},
        config.integer("dim"));
    const bool isKernel = shapes.most({{"patch_embed.proj.weight", 4, 0}}, 0) == dim;
    const auto ofKernel = [&](int axis, const char* field) {
        return isKernel ? shapes.most({{"patch_embed.proj.weight", 4, axis}}, 0) : config.integer(field);
    };
    const Index patch = ofKernel(2, "patch_size");
    const Index hidden = shapes.most({{"blocks.*.mlp.fc1.bias", 1, 0}, {"blocks.*.mlp.fc1.weight", 2, 0},
                                         {"blocks.*.mlp.fc2.weight", 2, 1}},
        4 * dim);
    const std::pair<const char*, std::int64_t> numbers[]
        = {{"image_size", tokens.side * patch}, {"patch_size", patch}, {"in_chans", ofKernel(1, "in_chans")},
            {"dim", dim}, {"depth", shapes.range("blocks.", "*", 0).second + 1},
            {"registers", tokens.registers}, {"mlp_hidden", hidden == 4 * dim ? 0 : hidden},
            {"classes",
                shapes.most({{"head.bias", 1, 0}, {"head_dist.bias", 1, 0}, {"head.weight", 2, 0}},
                    config.integer("classes"))}};
    for (const auto& [field, value] : numbers)
        config.set(field, value);
    const bool normsPooled = shapes.has("fc_norm.*");
    config.set("class_token", tokens.hasClass);
    config.set("distilled", tokens.isDistilled);
    config.set("qkv_bias", shapes.has("blocks.*.attn.qkv.bias"));
    config.set("proj", shapes.has("blocks.*.attn.proj.*"));
    config.set("patch_norm", shapes.has("patch_embed.norm*"));
    config.set("pool", std::string(normsPooled || !tokens.hasClass ? "mean" : "cls"));
    if (!normsPooled && !shapes.has("norm.*"))
        config.set("final_norm", std::string("none"));
    return config;
}

}
