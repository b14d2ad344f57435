// Whether foreign tensors are a DynamicViT: a DeiT's names and predictors beside them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/dynamic_vit/dynamic_vit.h"

#include "core/parts/name_map.h"
#include "core/parts/vit/outlines.h"

#include <algorithm>

namespace fovea::plugin::dynamic_vit {

namespace {

const parts::NameMapPtr& officialNames()
{
    static const auto map = std::make_shared<const parts::NameMap>(R"json({
  "name": "dynamic_vit",
  "comment": "the official DynamicViT on DeiT: predictors beside the names of a DeiT",
  "facts": {"pre_norm": true, "activation": "gelu", "norm_eps": 1e-6, "final_norm": "auto"},
  "questions": ["heads"],
  "each": {"p": ["weight", "bias"]},
  "rules": [
    {"to": "cls_token"},
    {"to": "pos_embed"},
    {"to": "patch_embed.proj.{p}"},
    {"to": "blocks.{i}.norm1.{p}"},
    {"to": "blocks.{i}.attn.qkv.{p}"},
    {"to": "blocks.{i}.attn.proj.{p}"},
    {"to": "blocks.{i}.norm2.{p}"},
    {"to": "blocks.{i}.mlp.fc1.{p}"},
    {"to": "blocks.{i}.mlp.fc2.{p}"},
    {"to": "score_predictor.{i}.in_conv.0.{p}"},
    {"to": "score_predictor.{i}.in_conv.1.{p}"},
    {"to": "score_predictor.{i}.out_conv.0.{p}"},
    {"to": "score_predictor.{i}.out_conv.2.{p}"},
    {"to": "score_predictor.{i}.out_conv.4.{p}"},
    {"to": "norm.{p}"},
    {"to": "head.{p}"}
  ]
})json");
    return map;
}

/// The official models have their stages at equal distances: 3, 6, 9 of 12; 4, 8, 12 of 16.
std::string dropAt(Index stages, Index depth)
{
    std::string text;
    for (Index stage = 1; stage <= stages; ++stage)
        text += (stage > 1 ? "," : "") + std::to_string(std::max<Index>(depth * stage / (stages + 1), stage));
    return text;
}

}

std::optional<Recognised> DynamicVit::recognise(
    const std::vector<TensorOutline>& tensors, const parts::NameMapPtr& map) const
{
    const std::vector<parts::NameMapPtr> maps{map ? map : officialNames()};
    const auto fitting = parts::fittingMap(maps, tensors);
    if (!fitting)
        return std::nullopt;
    const parts::Outlines shapes(fitting->tensors);
    if (!shapes.has("score_predictor.*"))
        return std::nullopt; // a plain DeiT
    if (!shapes.has("head.*"))
        throw Error("expected a classifier ('" + fitting->map->sourceOf("head.weight", tensors)
            + "'), found none: a backbone alone tells no classes");
    Recognised recognised{fitting->map, parts::vit::configFor(schema(), shapes), fitting->map->questions()};
    Config& config = recognised.config;
    for (const auto& [field, value] : fitting->map->facts())
        config.set(field, value);
    const Index stages = std::clamp<Index>(shapes.range("score_predictor.", "*", 0).second + 1, 1, 64);
    config.set("drop_at", dropAt(stages, config.integer("depth")));
    config.set("heads", std::int64_t{1}); // until it is answered: this fits whatever the width
    return recognised;
}

}
