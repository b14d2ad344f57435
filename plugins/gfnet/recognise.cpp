// Whether foreign tensors are a GFNet, and which: the official names, numbers from the shapes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/gfnet/gfnet.h"

#include "core/parts/name_map.h"
#include "core/parts/outlines.h"

#include <algorithm>
#include <cmath>

namespace fovea::plugin::gfnet {

namespace {

const parts::NameMapPtr& officialNames()
{
    static const auto map = std::make_shared<const parts::NameMap>(R"json({
  "name": "gfnet",
  "comment": "raoyongming/GFNet, gfnet.py: GFNet and, where patch_embed and blocks have stages, GFNetPyramid",
  "facts": {"norm_eps": 1e-6},
  "each": {"p": ["weight", "bias"], "s": ["0", "1", "2", "3", "4", "5"]},
  "rules": [
    {"to": "pos_embed"},
    {"to": "patch_embed.proj.{p}"},
    {"to": "patch_embed.{i}.proj.{p}"},
    {"to": "blocks.{i}.norm1.{p}"},
    {"to": "blocks.{i}.filter.complex_weight"},
    {"to": "blocks.{i}.norm2.{p}"},
    {"to": "blocks.{i}.mlp.fc1.{p}"},
    {"to": "blocks.{i}.mlp.fc2.{p}"},
    {"to": "blocks.{s}.{i}.gamma"},
    {"to": "blocks.{s}.{i}.norm1.weight"},
    {"to": "blocks.{s}.{i}.norm1.bias"},
    {"to": "blocks.{s}.{i}.filter.complex_weight"},
    {"to": "blocks.{s}.{i}.norm2.weight"},
    {"to": "blocks.{s}.{i}.norm2.bias"},
    {"to": "blocks.{s}.{i}.mlp.fc1.weight"},
    {"to": "blocks.{s}.{i}.mlp.fc1.bias"},
    {"to": "blocks.{s}.{i}.mlp.fc2.weight"},
    {"to": "blocks.{s}.{i}.mlp.fc2.bias"},
    {"to": "norm.{p}"},
    {"to": "head.{p}"}
  ]
})json");
    return map;
}

/// How many blocks or stages there are by their numbers; one that is beyond all reason has no place.
Index countAfter(const parts::Outlines& tensors, const std::string& prefix)
{
    return std::clamp<Index>(tensors.range(prefix, "*", 0).second + 1, 1, 1024);
}

/// A stage as its tensors tell it.
struct StageShape {
    Index dim, depth, hidden;
};

StageShape stageOf(const parts::Outlines& shapes, const std::string& blocks, const std::string& embed)
{
    const Index dim
        = shapes.most({{blocks + "*.norm1.weight", 1, 0}, {blocks + "*.norm2.weight", 1, 0},
                          {embed + ".proj.bias", 1, 0}, {blocks + "*.filter.complex_weight", 4, 2}},
            256);
    return {dim, countAfter(shapes, blocks),
        shapes.most({{blocks + "*.mlp.fc1.bias", 1, 0}, {blocks + "*.mlp.fc1.weight", 2, 0}}, 4 * dim)};
}

std::string joined(const std::vector<std::string>& parts)
{
    std::string all;
    for (const std::string& part : parts)
        all += (all.empty() ? "" : ",") + part;
    return all;
}

Config configFor(const Schema& schema, const parts::Outlines& shapes)
{
    Config config(schema);
    const bool isHierarchical
        = shapes.has("patch_embed.0.*") || shapes.has("blocks.*.*.filter.complex_weight");
    const Index count
        = isHierarchical ? std::clamp<Index>(countAfter(shapes, "blocks."), 2, 6) : 1; // as the map
    std::vector<std::string> dims, depths, ratios;
    for (Index i = 0; i < count; ++i) {
        const std::string index = std::to_string(i);
        const StageShape stage = isHierarchical
            ? stageOf(shapes, "blocks." + index + ".", "patch_embed." + index)
            : stageOf(shapes, "blocks.", "patch_embed");
        dims.push_back(std::to_string(stage.dim));
        depths.push_back(std::to_string(stage.depth));
        ratios.push_back(
            textOf(FieldValue(static_cast<double>(stage.hidden) / static_cast<double>(stage.dim))));
    }
    const bool isSame
        = std::ranges::all_of(ratios, [&](const auto& ratio) { return ratio == ratios.front(); });
    const std::string kernel = std::string(isHierarchical ? "patch_embed.0" : "patch_embed") + ".proj.weight";
    const Index patch = shapes.most({{kernel, 4, 2}}, isHierarchical ? 4 : 16);
    const Index positions = shapes.most({{"pos_embed", 3, 1}}, 0);
    const Index side = positions > 0
        ? std::lround(std::sqrt(static_cast<double>(positions)))
        : shapes.most({{isHierarchical ? "blocks.0.*.filter.complex_weight" : "*.complex_weight", 4, 0}}, 14);
    config.set("dims", joined(dims));
    config.set("depths", joined(depths));
    config.set("mlp_ratios", isSame ? ratios.front() : joined(ratios));
    config.set("patch_size", patch);
    config.set("image_size", side * patch);
    config.set("in_chans", shapes.most({{kernel, 4, 1}}, 3));
    config.set("classes", shapes.most({{"head.bias", 1, 0}, {"head.weight", 2, 0}}, 1000));
    if (shapes.has("blocks.*.gamma"))
        config.set("layer_scale", 1e-3); // of fresh ones
    return config;
}

}

std::optional<Recognised> Gfnet::recognise(
    const std::vector<TensorOutline>& tensors, const parts::NameMapPtr& map) const
{
    const std::vector<parts::NameMapPtr> maps{map ? map : officialNames()};
    const auto fitting = parts::fittingMap(maps, tensors);
    if (!fitting)
        return std::nullopt;
    const parts::Outlines shapes(fitting->tensors);
    if (!shapes.has("blocks.*filter.complex_weight"))
        return std::nullopt; // norms and MLPs alone are no GFNet
    if (!shapes.has("head.*"))
        throw Error("expected a classifier ('" + fitting->map->sourceOf("head.weight", tensors)
            + "'), found none: a backbone alone tells no classes");
    Recognised recognised{fitting->map, configFor(schema(), shapes), fitting->map->questions()};
    for (const auto& [field, value] : fitting->map->facts())
        recognised.config.set(field, value);
    return recognised;
}

}
