// Whether foreign tensors are a ViT, and which: names through the maps, numbers from the shapes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/parts/name_map.h"
#include "core/parts/vit/outlines.h"

#include <algorithm>

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
    Recognised recognised{fitting->map, parts::vit::configFor(schema(), shapes), fitting->map->questions()};
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
