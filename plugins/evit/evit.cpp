// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/evit/evit.h"

#include "plugins/evit/reduction.h"

#include "core/parts/token_reduction.h"
#include "core/parts/vit/description.h"
#include "core/parts/vit/forward.h"

namespace fovea::plugin::evit {

namespace shared = parts::vit;

namespace {

State block(Run& run, const EvitConfig& c, int index, const State& before, bool specialsOnly)
{
    const std::string path = shared::blockPath(index);
    const int stage = c.stageOf(index);
    nn::AttentionTaken taken;
    const Tensor* kept = before.more.find(parts::flow::kept);
    State state = before;
    {
        const auto scope = run.in(path);
        state.x = shared::attentionHalf(run, c, index, before,
            {specialsOnly && stage < 0, kept ? *kept : Tensor(), {}, stage < 0 ? nullptr : &taken});
    }
    if (stage >= 0) {
        const auto scope = run.in(parts::stagePath(stage));
        state = reduced(run, c, state, taken);
    }
    const auto scope = run.in(path);
    return shared::mlpHalf(run, c, index, state);
}

}

Identity Evit::identity() const
{
    return {"evit", "EViT", "token reduction", "image classification",
        {"Not All Patches are What You Need: Expediting Vision Transformers via Token Reorganizations", 2022,
            "2202.07800"},
        "A DeiT that keeps the patches its class token looks at and fuses the others into one token."};
}

Schema Evit::schema() const { return evit::schema(); }

std::vector<Preset> Evit::presets() const { return parts::droppingPresets(); }

Manifest Evit::manifest(const Config& config) const { return shared::manifest(EvitConfig(config)); }

Shape Evit::inputShape(const Config& config) const { return shared::inputShape(EvitConfig(config)); }

std::vector<std::string> Evit::blocks(const Config& config) const
{
    std::vector<std::string> paths{"embed"};
    for (int i = 0; i < EvitConfig(config).depth; ++i)
        paths.push_back(shared::blockPath(i));
    paths.push_back("head");
    return paths;
}

std::vector<SignalInfo> Evit::signalInfos(const Config& config) const
{
    const EvitConfig c(config);
    std::vector<SignalInfo> list;
    shared::addStemSignals(list);
    for (int i = 0; i < c.depth; ++i) {
        std::vector<SignalInfo> stage;
        if (c.stageOf(i) >= 0)
            parts::addStageSignals(stage, c.stageOf(i), shared::blockPath(i), i,
                "the class token's attention to each token, mean over heads, and whether it stays");
        shared::addBlockSignals(list, c, i, stage);
    }
    shared::addHeadSignals(list, c);
    return list;
}

Tensor Evit::forward(Run& run, const Config& config, const Tensor& input) const
{
    const EvitConfig c(config);
    State state{input, {}, {}}; // [B, 3, H, W]
    state = run.block(
        "embed", {}, state, [&](const State& s) { return shared::embed(run, c, s); }); // [B, N, C]
    const bool specialsOnly = shared::needsSpecialsOnly(run, c);
    for (int i = 0; i < c.depth; ++i)
        state = run.block(shared::blockPath(i), {}, state,
            [&](const State& s) { return block(run, c, i, s, specialsOnly && i + 1 == c.depth); });
    state = run.block("head", {}, state, [&](const State& s) { return shared::head(run, c, s); });
    return state.x; // [B, class]
}

NamedTensors Evit::resized(const Config& from, const Config& to, NamedTensors parameters) const
{
    return shared::resized(from, to, std::move(parameters));
}

Config Evit::tinyConfig() const
{
    Config config(schema());
    shared::makeTiny(config);
    config.set("drop_at", std::string("1"));
    return config;
}

}
