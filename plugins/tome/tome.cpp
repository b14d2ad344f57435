// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/tome/tome.h"

#include "plugins/tome/merging.h"

#include "core/parts/signal_list.h"
#include "core/parts/token_reduction.h"
#include "core/parts/vit/description.h"
#include "core/parts/vit/forward.h"

#include <algorithm>
#include <array>

namespace fovea::plugin::tome {

namespace shared = parts::vit;

namespace {

State block(Run& run, const TomeConfig& c, int index, const State& before, bool specialsOnly)
{
    const std::string path = shared::blockPath(index);
    nn::AttentionTaken taken;
    const Tensor* kept = before.more.find(parts::flow::kept);
    State state = before;
    {
        const auto scope = run.in(path);
        state.x = shared::attentionHalf(
            run, c, index, before, {specialsOnly, kept ? *kept : Tensor(), keyBias(run, c, before), &taken});
    }
    if (!specialsOnly) {
        const auto scope = run.in(parts::stagePath(index));
        state = merged(run, c, state, taken);
    }
    const auto scope = run.in(path);
    return shared::mlpHalf(run, c, index, state);
}

/// Whether the last block's merging is of no use either.
bool needsSpecialsOnly(Run& run, const TomeConfig& c)
{
    if (!shared::needsSpecialsOnly(run, c))
        return false;
    const auto scope = run.in(parts::stagePath(c.depth - 1));
    return std::ranges::all_of(std::array{"keep", "left", "size"},
        [&](const char* signal) { return run.wants(signal) == Want::Nothing; });
}

void addStage(std::vector<SignalInfo>& list, int index)
{
    const std::string path = shared::blockPath(index);
    parts::addStageSignals(list, index, path, index,
        "how like its partner a token is, and whether it stays: else it was merged into another");
    parts::SignalList{list, path, parts::stagePath(index) + ".", index}.add(
        "size", Kind::Tokens, "size", "how many patches each token stands for");
}

}

Identity Tome::identity() const
{
    return {"tome", "ToMe", "token reduction", "image classification",
        {"Token Merging: Your ViT But Faster", 2023, "2210.09461"},
        "A ViT that averages, block by block, the tokens that are most alike; it needs no training."};
}

Schema Tome::schema() const { return tome::schema(); }

std::vector<Preset> Tome::presets() const { return tome::presets(); }

Manifest Tome::manifest(const Config& config) const { return shared::manifest(TomeConfig(config)); }

Shape Tome::inputShape(const Config& config) const { return shared::inputShape(TomeConfig(config)); }

std::vector<std::string> Tome::blocks(const Config& config) const
{
    std::vector<std::string> paths{"embed"};
    for (int i = 0; i < TomeConfig(config).depth; ++i)
        paths.push_back(shared::blockPath(i));
    paths.push_back("head");
    return paths;
}

std::vector<SignalInfo> Tome::signalInfos(const Config& config) const
{
    const TomeConfig c(config);
    std::vector<SignalInfo> list;
    shared::addStemSignals(list);
    for (int i = 0; i < c.depth; ++i) {
        std::vector<SignalInfo> stage;
        addStage(stage, i);
        shared::addBlockSignals(list, c, i, stage);
    }
    shared::addHeadSignals(list, c);
    return list;
}

Tensor Tome::forward(Run& run, const Config& config, const Tensor& input) const
{
    const TomeConfig c(config);
    State state{input, {}, {}}; // [B, 3, H, W]
    state = run.block(
        "embed", {}, state, [&](const State& s) { return shared::embed(run, c, s); }); // [B, N, C]
    const bool specialsOnly = needsSpecialsOnly(run, c);
    for (int i = 0; i < c.depth; ++i)
        state = run.block(shared::blockPath(i), {}, state,
            [&](const State& s) { return block(run, c, i, s, specialsOnly && i + 1 == c.depth); });
    state = run.block("head", {}, state, [&](const State& s) { return shared::head(run, c, s); });
    return state.x; // [B, class]
}

NamedTensors Tome::resized(const Config& from, const Config& to, NamedTensors parameters) const
{
    return shared::resized(from, to, std::move(parameters));
}

Config Tome::tinyConfig() const
{
    Config config(schema());
    shared::makeTiny(config);
    config.set("r", std::int64_t{3});
    return config;
}

}
