// Whether foreign tensors are a SpectFormer, and which: names through the maps, numbers from the shapes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/spectformer/spectformer.h"

#include "core/parts/name_map.h"
#include "core/parts/outlines.h"

#include <algorithm>
#include <array>

namespace fovea::plugin::spectformer {

namespace {

// The official code's own names, badripatro/SpectFormers @ b6cf487a. {leaf}: all that a block may have.
constexpr const char* vanillaMap = R"({
  "name": "SpectFormer, official",
  "facts": {"form": "vanilla", "norm_eps": 1e-6},
  "questions": ["heads"],
  "each": {
    "p": ["weight", "bias"],
    "leaf": ["norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias", "filter.complex_weight",
      "attn.qkv.weight", "attn.qkv.bias", "attn.proj.weight", "attn.proj.bias",
      "mlp.fc1.weight", "mlp.fc1.bias", "mlp.fc2.weight", "mlp.fc2.bias"]
  },
  "rules": [{"to": "pos_embed"}, {"to": "patch_embed.proj.{p}"}, {"to": "blocks.{i}.{leaf}"}, {"to": "norm.{p}"},
    {"to": "head.{p}"}]
})";
constexpr const char* hierarchicalMap = R"({
  "name": "SpectFormer, official, hierarchical",
  "facts": {"form": "hierarchical", "norm_eps": 1e-6},
  "ignore": ["*.num_batches_tracked"],
  "each": {
    "p": ["weight", "bias"],
    "norm": ["weight", "bias", "running_mean", "running_var"],
    "layer": ["patch_embed1.norm", "patch_embed2.norm", "patch_embed3.norm", "patch_embed4.norm",
      "patch_embed1.proj", "patch_embed2.proj", "patch_embed3.proj", "patch_embed4.proj",
      "norm1", "norm2", "norm3", "norm4", "head", "aux_head"],
    "leaf": ["norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias", "attn.complex_weight",
      "attn.q.weight", "attn.q.bias", "attn.kv.weight", "attn.kv.bias", "attn.proj.weight", "attn.proj.bias",
      "mlp.fc1.weight", "mlp.fc1.bias", "mlp.dwconv.dwconv.weight", "mlp.dwconv.dwconv.bias",
      "mlp.fc2.weight", "mlp.fc2.bias"]
  },
  "rules": [{"to": "patch_embed1.conv.0.weight"}, {"to": "patch_embed1.conv.3.weight"},
    {"to": "patch_embed1.conv.6.weight"}, {"to": "patch_embed1.conv.1.{norm}"}, {"to": "patch_embed1.conv.4.{norm}"},
    {"to": "patch_embed1.conv.7.{norm}"}, {"to": "{layer}.weight"}, {"to": "{layer}.bias"},
    {"to": "block1.{i}.{leaf}"}, {"to": "block2.{i}.{leaf}"}, {"to": "block3.{i}.{leaf}"},
    {"to": "block4.{i}.{leaf}"}, {"to": "post_network.0.{leaf}"}]
})";

void setVanilla(Config& config, const parts::Outlines& tensors)
{
    const Index dim
        = tensors.most({{"patch_embed.proj.bias", 1, 0}, {"norm.weight", 1, 0}, {"pos_embed", 3, 2},
                           {"blocks.*.norm1.weight", 1, 0}, {"blocks.*.norm2.weight", 1, 0}},
            config.integer("dim"));
    const Index patch = tensors.most(
        {{"patch_embed.proj.weight", 4, 2}, {"patch_embed.proj.weight", 4, 3}}, config.integer("patch_size"));
    const Index hidden
        = tensors.most({{"blocks.*.mlp.fc1.bias", 1, 0}, {"blocks.*.mlp.fc2.weight", 2, 1}}, 4 * dim);
    const Index depth = tensors.range("blocks.", ".*", 0).second + 1;
    const std::pair<const char*, std::int64_t> numbers[] = {{"dim", dim}, {"patch_size", patch},
        {"image_size", patch * tensors.most({{"blocks.*.filter.complex_weight", 4, 0}}, 14)},
        {"in_chans", tensors.most({{"patch_embed.proj.weight", 4, 1}}, 3)}, {"depth", depth},
        {"alpha", tensors.range("blocks.", ".attn.*", depth).first}, {"heads", 1}}; // until it is answered
    for (const auto& [field, value] : numbers)
        config.set(field, value);
    config.set("mlp_ratio", static_cast<double>(hidden) / static_cast<double>(dim));
}

/// Returns whether the width of a head has to be asked for: all official models have the same.
bool setHierarchical(Config& config, const parts::Outlines& tensors)
{
    std::string dims, depths, ratios;
    for (int i = 1; i <= 4; ++i) {
        const std::string number = std::to_string(i), block = "block" + number;
        const Index dim
            = tensors.most({{"norm" + number + ".weight", 1, 0}, {block + ".*.norm1.weight", 1, 0},
                               {"patch_embed" + number + ".norm.weight", 1, 0},
                               {"patch_embed" + number + ".proj.bias", 1, 0}},
                1);
        const Index hidden
            = tensors.most({{block + ".*.mlp.fc1.bias", 1, 0}, {block + ".*.mlp.fc2.weight", 2, 1}}, dim);
        const auto append = [i](std::string& list, Index value) {
            list += (i == 1 ? "" : ",") + std::to_string(std::max<Index>(value, 1));
        };
        append(dims, dim);
        append(depths, tensors.range(block + ".", ".*", 0).second + 1);
        append(ratios, hidden / std::max<Index>(dim, 1));
    }
    config.set("dims", dims);
    config.set("depths", depths);
    config.set("mlp_ratios", ratios);
    config.set("stem_dim",
        tensors.most({{"patch_embed1.conv.*.weight", 1, 0}, {"patch_embed1.conv.0.weight", 4, 0}}, 32));
    config.set("in_chans", tensors.most({{"patch_embed1.conv.0.weight", 4, 1}}, 3));
    config.set("image_size", std::int64_t{4} * tensors.most({{"block1.*.attn.complex_weight", 4, 0}}, 56));
    config.set("token_label", tensors.has("aux_head.*"));
    const std::array<const char*, 3> official{"64,128,320,448", "64,128,320,512", "96,192,384,512"};
    const bool isOfficial = std::ranges::find(official, dims) != official.end();
    if (!isOfficial)
        config.set("head_dim", std::int64_t{1}); // until it is answered
    return !isOfficial;
}

}

std::optional<Recognised> Spectformer::recognise(
    const std::vector<TensorOutline>& tensors, const parts::NameMapPtr& map) const
{
    static const std::vector<parts::NameMapPtr> own{std::make_shared<const parts::NameMap>(vanillaMap),
        std::make_shared<const parts::NameMap>(hierarchicalMap)};
    const std::vector<parts::NameMapPtr> given{map};
    const auto fitting = parts::fittingMap(map ? given : own, tensors);
    if (!fitting)
        return std::nullopt;
    const parts::Outlines outlines(fitting->tensors);
    if (!map && (!outlines.has("*.complex_weight") || !outlines.has("*.attn.proj.weight")))
        return std::nullopt; // filters alone are a GFNet, attention alone a ViT
    if (!outlines.has("head.*"))
        throw Error("expected a classifier ('head.weight'), found none: a backbone alone tells no classes");
    Recognised recognised{fitting->map, Config(schema()), fitting->map->questions()};
    Config& config = recognised.config;
    for (const auto& [field, value] : fitting->map->facts())
        config.set(field, value);
    config.set(
        "classes", outlines.most({{"head.bias", 1, 0}, {"head.weight", 2, 0}}, config.integer("classes")));
    if (config.text("form") == "vanilla")
        setVanilla(config, outlines);
    else if (setHierarchical(config, outlines))
        recognised.questions.push_back("head_dim");
    return recognised;
}

}
