// Whether foreign tensors are a ViT, and which: names through the maps, numbers from the shapes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/parts/name_map.h"

#include <algorithm>
#include <cmath>
#include <map>

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

/// The shapes of tensors by name, and an Error where one that every ViT has is missing or odd.
class Shapes {
public:
    explicit Shapes(const std::vector<TensorOutline>& tensors)
    {
        for (const TensorOutline& tensor : tensors)
            shapes_[tensor.name] = tensor.shape;
    }
    bool has(const std::string& name) const { return shapes_.contains(name); }
    const Shape& of(const std::string& name, int rank) const
    {
        const auto found = shapes_.find(name);
        if (found == shapes_.end())
            throw Error("tensor '" + name + "' is missing");
        if (found->second.rank() != rank)
            throw Error("tensor '" + name + "': expected " + std::to_string(rank) + " axes, found "
                + found->second.text());
        return found->second;
    }

private:
    std::map<std::string, Shape> shapes_;
};

/// Side of the square picture from the positions and the patch.
std::int64_t imageSize(const Shapes& shapes, Index specials, Index patch)
{
    const Shape& positions = shapes.of("pos_embed", 3);
    const auto sideOf = [](Index cells) {
        const auto side
            = static_cast<Index>(std::lround(std::sqrt(static_cast<double>(std::max<Index>(cells, 0)))));
        return side * side == cells ? side : 0;
    };
    const Index side = sideOf(positions[1] - specials);
    if (side == 0 || (specials > 0 && sideOf(positions[1]) > 0)) // of all tokens, or of the patches alone?
        throw Error("tensor 'pos_embed': expected a square grid after " + std::to_string(specials)
            + " special tokens, found " + positions.text());
    return side * patch;
}

/// All fields that shapes and the presence of tensors tell.
Config configFor(const Schema& schema, const Shapes& shapes)
{
    const Shape& kernel = shapes.of("patch_embed.proj.weight", 4);
    const Index dim = kernel[0], patch = kernel[2], hidden = shapes.of("blocks.0.mlp.fc1.weight", 2)[0];
    const Index registers = shapes.has("reg_token") ? shapes.of("reg_token", 3)[1] : 0;
    const bool hasClass = shapes.has("cls_token"), isDistilled = shapes.has("dist_token");
    std::int64_t depth = 0;
    while (shapes.has("blocks." + std::to_string(depth) + ".norm1.weight"))
        ++depth;
    Config config(schema);
    const std::pair<const char*, std::int64_t> numbers[] = {
        {"image_size", imageSize(shapes, registers + hasClass + isDistilled, patch)}, {"patch_size", patch},
        {"in_chans", kernel[1]}, {"dim", dim}, {"depth", depth}, {"registers", registers},
        {"mlp_hidden", hidden == 4 * dim ? 0 : hidden}, {"classes", shapes.of("head.weight", 2)[0]}};
    for (const auto& [field, value] : numbers)
        config.set(field, value);
    config.set("class_token", hasClass);
    config.set("distilled", isDistilled);
    config.set("qkv_bias", shapes.has("blocks.0.attn.qkv.bias"));
    config.set("proj", shapes.has("blocks.0.attn.proj.weight"));
    config.set("patch_norm", shapes.has("patch_embed.norm1.weight"));
    config.set("pool", std::string(shapes.has("fc_norm.weight") || !hasClass ? "mean" : "cls"));
    if (!shapes.has("fc_norm.weight") && !shapes.has("norm.weight"))
        config.set("final_norm", std::string("none"));
    if (!hasClass && shapes.has("norm.weight"))
        config.set("final_norm", std::string("tokens"));
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
    const Shapes shapes(fitting->tensors);
    Recognised recognised{fitting->map, configFor(schema(), shapes), fitting->map->questions()};
    for (const auto& [field, value] : fitting->map->facts())
        recognised.config.set(field, value);
    if (std::ranges::count(recognised.questions, "heads") > 0)
        recognised.config.set("heads", std::int64_t{1}); // until it is answered: fits whatever the width
    const Index inner = shapes.of("blocks.0.attn.qkv.weight", 2)[0] / 3;
    if (inner != recognised.config.integer("dim")) {
        recognised.questions.push_back("head_dim");
        recognised.config.set("head_dim", inner);
    }
    return recognised;
}

}
