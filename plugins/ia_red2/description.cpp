// What an IA-RED² says of itself before it runs: identity, parameters, blocks, signals.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/vit/description.h"

#include "plugins/ia_red2/config.h"
#include "plugins/ia_red2/ia_red2.h"

#include "core/parts/signal_list.h"

#include <cmath>

namespace fovea::plugin::ia_red2 {

namespace shared = parts::vit;

namespace {

void addStage(std::vector<SignalInfo>& list, const IaRed2Config& c, int group)
{
    parts::SignalList stage{list, stagePath(group), stagePath(group) + ".", c.firstBlock(group)};
    if (c.hasInterpreters())
        stage.add("scores", Kind::Heads, "scores of each head",
            "how worth keeping each head of the interpreter finds a token; their mean is the score");
    stage.add("keep", Kind::Keep, "kept tokens", "the score of each token, and whether the group keeps it")
        .fields
        = {"score", "kept"};
    stage.add(
        "left", Kind::Vector, "survivors", "numbers of the tokens that are left, the class token being 0");
}

}

Identity IaRed2::identity() const
{
    return {"ia_red2", "IA-RED²", "token reduction", "image classification",
        {"IA-RED²: Interpretability-Aware Redundancy Reduction for Vision Transformers", 2021, "2106.12620"},
        "A ViT that drops patches on the way: before each group of blocks an interpreter judges which are "
        "worth "
        "keeping."};
}

Schema IaRed2::schema() const { return ia_red2::schema(); }

std::vector<Preset> IaRed2::presets() const { return ia_red2::presets(); }

Manifest IaRed2::manifest(const Config& config) const
{
    const IaRed2Config c(config);
    Manifest list = shared::manifest(c);
    const double bound = 1 / std::sqrt(static_cast<double>(c.dim)); // as PyTorch makes a linear layer
    // queries and keys with a constant a in each channel: a^2 sqrt(hd) more before the sigmoid
    const double size = std::sqrt(static_cast<double>(c.dim) / c.policyHeads);
    const double constant = std::sqrt(std::log(c.startScore / (1 - c.startScore)) / size);
    const Initialiser bias = c.startScore > 0.5 ? Initialiser{Initialiser::Rule::Constant, constant}
                                                : Initialiser{Initialiser::Rule::Uniform, bound};
    for (int g = 0; c.hasInterpreters() && g < c.groups(); ++g) {
        const std::string name = "groups." + std::to_string(g) + ".agent.qk";
        list.push_back({name + ".weight", {3 * c.dim, c.dim}, {Initialiser::Rule::Uniform, bound}});
        list.push_back({name + ".bias", {3 * c.dim}, bias});
    }
    return list;
}

Shape IaRed2::inputShape(const Config& config) const { return shared::inputShape(IaRed2Config(config)); }

std::vector<std::string> IaRed2::blocks(const Config& config) const
{
    const IaRed2Config c(config);
    std::vector<std::string> paths{"embed"};
    for (int g = 0; g < c.groups(); ++g) {
        paths.push_back(stagePath(g));
        for (int i = c.firstBlock(g); i < c.firstBlock(g + 1); ++i)
            paths.push_back(shared::blockPath(i));
    }
    paths.push_back("head");
    return paths;
}

std::vector<SignalInfo> IaRed2::signalInfos(const Config& config) const
{
    const IaRed2Config c(config);
    std::vector<SignalInfo> list;
    shared::addStemSignals(list);
    for (int g = 0; g < c.groups(); ++g) {
        addStage(list, c, g);
        for (int i = c.firstBlock(g); i < c.firstBlock(g + 1); ++i)
            shared::addBlockSignals(list, c, i);
    }
    parts::SignalList{list, "head", {}}.add("relative_cost", Kind::Scalar, "relative cost",
        "share of the tokens that the blocks still have, as the official tool counts cost");
    shared::addHeadSignals(list, c);
    return list;
}

NamedTensors IaRed2::resized(const Config& from, const Config& to, NamedTensors parameters) const
{
    return shared::resized(from, to, std::move(parameters));
}

Config IaRed2::tinyConfig() const
{
    Config config(schema());
    shared::makeTiny(config);
    config.set("groups", std::string("1,1"));
    config.set("policy_heads", std::int64_t{3});
    return config;
}

}
