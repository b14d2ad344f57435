// Whether foreign tensors are a ViT, and which: names through the maps, numbers from the shapes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/parts/name_map.h"
#include "core/parts/outlines.h"

#include <algorithm>
#include <cmath>

namespace fovea::plugin::vit {

namespace {

const std::vector<parts::NameMapPtr>& nameMaps()
{
    static const auto maps = [] {
        std::vector<parts::NameMapPtr> all;
        for (const char* json : {
#include "plugins/vit/name_maps.inc"
             })
            all.push_back(std::make_shared<const parts::NameMap>(json));
        return all;
    }();
    return maps;
}

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

Tokens tokensOf(const parts::Outlines& shapes)
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

/// All fields that shapes and the presence of tensors tell.
Config configFor(const Schema& schema, const parts::Outlines& shapes)
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

std::optional<Recognised> Vit::recognise(
    const std::vector<TensorOutline>& tensors, const parts::NameMapPtr& map) const
{
    const std::vector<parts::NameMapPtr> given{map};
    const auto fitting = parts::fittingMap(map ? given : nameMaps(), tensors);
    if (!fitting)
        return std::nullopt;
    const parts::Outlines shapes(fitting->tensors);
    if (!shapes.has("head.*") && !shapes.has("head_dist.*"))
        throw Error("expected a classifier ('" + fitting->map->sourceOf("head.weight", tensors)
            + "'), found none: a backbone alone tells no classes");
    Recognised recognised{fitting->map, configFor(schema(), shapes), fitting->map->questions()};
    Config& config = recognised.config;
    for (const auto& [field, value] : fitting->map->facts())
        config.set(field, value);
    if (!config.flag("class_token") && shapes.has("norm.*"))
        config.set("final_norm", std::string("tokens"));
    if (std::ranges::count(recognised.questions, "heads") > 0)
        config.set("heads", std::int64_t{1}); // until it is answered: fits whatever the width
    const Index inner
        = shapes.most({{"blocks.*.attn.qkv.bias", 1, 0, 3}, {"blocks.*.attn.qkv.weight", 2, 0, 3},
                          {"blocks.*.attn.proj.weight", 2, 1}},
            config.integer("dim"));
    if (inner != config.integer("dim")) {
        if (config.integer("heads") == 1)
            recognised.questions.push_back("head_dim");
        config.set("head_dim", inner / config.integer("heads"));
    }
    return recognised;
}

}
