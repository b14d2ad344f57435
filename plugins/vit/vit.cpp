// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/parts/vit/description.h"
#include "core/parts/vit/forward.h"

namespace fovea::plugin::vit {

namespace shared = parts::vit;

Identity Vit::identity() const
{
    return {"vit", "ViT / DeiT", "attention", "image classification",
        {"An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale", 2020, "2010.11929"},
        "A plain transformer encoder over the patches of a picture; DeiT adds a distillation token."};
}

Schema Vit::schema() const { return shared::schema(); }

std::vector<Preset> Vit::presets() const { return shared::presets(); }

Manifest Vit::manifest(const Config& config) const { return shared::manifest(shared::VitConfig(config)); }

Shape Vit::inputShape(const Config& config) const { return shared::inputShape(shared::VitConfig(config)); }

std::vector<std::string> Vit::blocks(const Config& config) const
{
    std::vector<std::string> paths{"embed"};
    for (int i = 0; i < config.count("depth"); ++i)
        paths.push_back(shared::blockPath(i));
    paths.push_back("head");
    return paths;
}

std::vector<SignalInfo> Vit::signalInfos(const Config& config) const
{
    const shared::VitConfig c(config);
    std::vector<SignalInfo> list;
    shared::addStemSignals(list);
    for (int i = 0; i < c.depth; ++i)
        shared::addBlockSignals(list, c, i);
    shared::addHeadSignals(list, c);
    return list;
}

Tensor Vit::forward(Run& run, const Config& config, const Tensor& input) const
{
    const shared::VitConfig c(config);
    State state{input, {}, {}}; // [B, 3, H, W]
    state = run.block(
        "embed", {}, state, [&](const State& s) { return shared::embed(run, c, s); }); // [B, N, C]
    const bool specialsOnly = shared::needsSpecialsOnly(run, c);
    for (int i = 0; i < c.depth; ++i)
        state = run.block(shared::blockPath(i), state, [&](const State& s) {
            return shared::block(run, c, i, s, {specialsOnly && i + 1 == c.depth, {}});
        });
    state = run.block("head", {}, state, [&](const State& s) { return shared::head(run, c, s); });
    return state.x; // [B, class]
}

NamedTensors Vit::resized(const Config& from, const Config& to, NamedTensors parameters) const
{
    return shared::resized(from, to, std::move(parameters));
}

Config Vit::tinyConfig() const
{
    Config config(schema());
    shared::makeTiny(config);
    return config;
}

}
