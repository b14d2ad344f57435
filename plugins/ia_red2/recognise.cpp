// Whether foreign tensors are an IA-RED²: a DeiT's names and interpreters beside them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/ia_red2/ia_red2.h"

#include "core/parts/name_map.h"
#include "core/parts/vit/outlines.h"

#include <algorithm>

namespace fovea::plugin::ia_red2 {

namespace {

const parts::NameMapPtr& officialNames()
{
    static const auto map = std::make_shared<const parts::NameMap>(R"json({
  "name": "ia_red2",
  "comment": "the authors' interpretation tool: a DeiT whose blocks are named a second time inside their groups",
  "facts": {"pre_norm": true, "activation": "gelu", "norm_eps": 1e-6, "final_norm": "auto"},
  "questions": ["heads", "policy_heads"],
  "each": {"p": ["weight", "bias"]},
  "ignore": ["groups.*.block_list.*"],
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
    {"to": "groups.{i}.agent.qk.{p}"},
    {"to": "norm.{p}"},
    {"to": "head.{p}"}
  ]
})json");
    return map;
}

/// Blocks of each group: as their second names count them, else in equal parts.
std::string groupsOf(const parts::Outlines& foreign, Index groups, Index depth)
{
    std::string text;
    for (Index g = 0; g < groups; ++g) {
        const std::string list = "groups." + std::to_string(g) + ".block_list.";
        const Index equal = depth * (g + 1) / groups - depth * g / groups;
        const Index named = foreign.range(list, "*", equal - 1).second + 1;
        text += (g > 0 ? "," : "") + std::to_string(std::max<Index>(named, 1));
    }
    return text;
}

}

std::optional<Recognised> IaRed2::recognise(
    const std::vector<TensorOutline>& tensors, const parts::NameMapPtr& map) const
{
    const std::vector<parts::NameMapPtr> maps{map ? map : officialNames()};
    const auto fitting = parts::fittingMap(maps, tensors);
    if (!fitting)
        return std::nullopt;
    const parts::Outlines shapes(fitting->tensors), foreign(tensors);
    if (!shapes.has("groups.*.agent.qk.*"))
        return std::nullopt; // a plain DeiT
    if (!shapes.has("head.*"))
        throw Error("expected a classifier ('" + fitting->map->sourceOf("head.weight", tensors)
            + "'), found none: a backbone alone tells no classes");
    Recognised recognised{fitting->map, parts::vit::configFor(schema(), shapes), fitting->map->questions()};
    Config& config = recognised.config;
    for (const auto& [field, value] : fitting->map->facts())
        config.set(field, value);
    const Index groups = std::clamp<Index>(shapes.range("groups.", ".agent.qk.*", 0).second + 1, 1, 64);
    config.set("groups", groupsOf(foreign, groups, config.integer("depth")));
    config.set("heads", std::int64_t{1}); // until they are answered: these fit whatever the width
    config.set("policy_heads", std::int64_t{1});
    return recognised;
}

}
