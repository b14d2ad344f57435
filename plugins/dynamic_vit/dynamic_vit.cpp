// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/dynamic_vit/dynamic_vit.h"

#include "plugins/dynamic_vit/config.h"
#include "plugins/dynamic_vit/predictor.h"

#include "core/parts/parameter_list.h"
#include "core/parts/vit/description.h"
#include "core/parts/vit/forward.h"

#include <algorithm>
#include <cmath>

namespace fovea::plugin::dynamic_vit {

namespace shared = parts::vit;

namespace {

std::string predictorPath(int stage) { return "score_predictor." + std::to_string(stage); }

/// The judgement before a block.
State judge(Run& run, const DynamicVitConfig& c, int stage, const State& before)
{
    const parts::StandingTokens t(run, before, c.tokens(), c.specialCount());
    Tensor logs; // [B, n]
    {
        const auto scope = run.in(predictorPath(stage));
        logs = keepLogProbabilities(run, t, before.x);
    }
    Tensor score = run.make(logs.shape());
    std::ranges::transform(
        logs.values<float>(), score.writable().begin(), [](float log) { return std::exp(log); });
    const auto scope = run.in(parts::stagePath(stage));
    const Tensor chosen = t.highest(run, logs, [&](Index) { return c.keptCount(stage); });
    const Tensor kept = parts::showKeep(run, t, score, chosen, [&] { return shared::layoutOf(c); });
    parts::showLeft(run, t, kept);
    return parts::selected(run, before, parts::shortened(run, t, kept));
}

}

Identity DynamicVit::identity() const
{
    return {"dynamic_vit", "DynamicViT", "token reduction", "image classification",
        {"DynamicViT: Efficient Vision Transformers with Dynamic Token Sparsification", 2021, "2106.02034"},
        "A DeiT whose small predictors say, before three of its blocks, which patches are worth keeping."};
}

Schema DynamicVit::schema() const { return dynamic_vit::schema(); }

std::vector<Preset> DynamicVit::presets() const { return parts::droppingPresets(); }

Manifest DynamicVit::manifest(const Config& config) const
{
    const DynamicVitConfig c(config);
    parts::ParameterList p{c.isGlorot, shared::manifest(c)};
    for (int stage = 0; stage < c.stages(); ++stage) {
        const std::string name = predictorPath(stage);
        p.norm(name + ".in_conv.0", c.dim);
        p.linear(name + ".in_conv.1", c.dim, c.dim);
        p.linear(name + ".out_conv.0", c.dim / 2, c.dim);
        p.linear(name + ".out_conv.2", c.dim / 4, c.dim / 2);
        p.linear(name + ".out_conv.4", 2, c.dim / 4);
    }
    return p.list;
}

Shape DynamicVit::inputShape(const Config& config) const
{
    return shared::inputShape(DynamicVitConfig(config));
}

std::vector<std::string> DynamicVit::blocks(const Config& config) const
{
    const DynamicVitConfig c(config);
    std::vector<std::string> paths{"embed"};
    for (int i = 0; i < c.depth; ++i) {
        if (c.stageOf(i) >= 0)
            paths.push_back(parts::stagePath(c.stageOf(i)));
        paths.push_back(shared::blockPath(i));
    }
    paths.push_back("head");
    return paths;
}

std::vector<SignalInfo> DynamicVit::signalInfos(const Config& config) const
{
    const DynamicVitConfig c(config);
    std::vector<SignalInfo> list;
    shared::addStemSignals(list);
    for (int i = 0; i < c.depth; ++i) {
        if (c.stageOf(i) >= 0)
            parts::addStageSignals(list, c.stageOf(i), parts::stagePath(c.stageOf(i)), i,
                "how likely a token is worth keeping, as the predictor has it, and whether it stays");
        shared::addBlockSignals(list, c, i);
    }
    shared::addHeadSignals(list, c);
    return list;
}

Tensor DynamicVit::forward(Run& run, const Config& config, const Tensor& input) const
{
    const DynamicVitConfig c(config);
    State state{input, {}, {}}; // [B, 3, H, W]
    state = run.block(
        "embed", {}, state, [&](const State& s) { return shared::embed(run, c, s); }); // [B, N, C]
    const bool specialsOnly = shared::needsSpecialsOnly(run, c);
    for (int i = 0; i < c.depth; ++i) {
        if (const int stage = c.stageOf(i); stage >= 0)
            state = run.block(
                parts::stagePath(stage), {}, state, [&](const State& s) { return judge(run, c, stage, s); });
        state = run.block(shared::blockPath(i), state, [&](const State& s) {
            const Tensor* kept = s.more.find(parts::flow::kept);
            return shared::block(
                run, c, i, s, {specialsOnly && i + 1 == c.depth, kept ? *kept : Tensor(), {}, nullptr});
        });
    }
    state = run.block("head", {}, state, [&](const State& s) { return shared::head(run, c, s); });
    return state.x; // [B, class]
}

NamedTensors DynamicVit::resized(const Config& from, const Config& to, NamedTensors parameters) const
{
    return shared::resized(from, to, std::move(parameters));
}

Config DynamicVit::tinyConfig() const
{
    Config config(schema());
    shared::makeTiny(config);
    config.set("drop_at", std::string("1"));
    return config;
}

}
