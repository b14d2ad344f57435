// Two stages: attention inside windows whose keys overlap their neighbours, then attention over pooled keys.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/toys/toy_math.h"
#include "tests/support/toys/toys.h"

namespace fovea::toys {

namespace {

constexpr Index patch = 2, grid = 8, window = 4; // 8 x 8 tokens of 2 x 2 pixels, windows of 4 x 4 tokens
constexpr double pixels = patch * grid;

/// Tokens of each window, and of each window with its right neighbour: [group, token].
Tensor windowIndex(Index windows)
{
    constexpr Index side = grid / window, area = window * window;
    Tensor index({side * side, windows * area}, DType::I32);
    const auto out = index.writable<std::int32_t>();
    for (Index g = 0; g < side * side; ++g)
        for (Index i = 0; i < windows * area; ++i) {
            const Index y = g / side * window + i % area / window;
            const Index x = ((g % side + i / area) % side) * window + i % window;
            out[static_cast<std::size_t>(g * windows * area + i)] = static_cast<std::int32_t>(y * grid + x);
        }
    return index;
}

class Windows final : public Architecture {
public:
    Identity identity() const override
    {
        return {"toy_windows", "Toy windows", "attention", "image classification", {"None", 2026, ""},
            "Two stages of attention: overlapping windows, then pooled keys."};
    }
    Schema schema() const override
    {
        return {{"dim", std::int64_t{4}, "channels of a token", 2, 64},
            {"heads", std::int64_t{2}, "attention heads", 1, 8},
            {"classes", std::int64_t{3}, "classes", 2, 1000}};
    }
    std::vector<Preset> presets() const override { return {{"wide", {{"dim", 8}}}}; }
    Shape inputShape(const Config&) const override { return {1, patch * grid, patch * grid}; }
    std::vector<std::string> blocks(const Config&) const override
    {
        return {"embed", "stages.0", "merge", "stages.1", "head"};
    }

    Manifest manifest(const Config& config) const override
    {
        const Index dim = config.integer("dim");
        requireDivisor(config, "heads", "dim");
        Manifest all{{"embed.weight", {dim, patch * patch}, normal(1)}};
        for (const char* stage : {"stages.0", "stages.1"})
            for (const char* part : {".q", ".k", ".v"})
                all.push_back({std::string(stage) + part + ".weight", {dim, dim}, normal(0.7)});
        all.push_back({"head.weight", {config.integer("classes"), dim}, normal(1)});
        return all;
    }

    std::vector<SignalInfo> signalInfos(const Config&) const override
    {
        std::vector<SignalInfo> all{{"embed.out", Kind::Tokens, "patch embedding", -1, "embed"}};
        for (const int i : {0, 1}) {
            const std::string stage = "stages." + std::to_string(i);
            for (const char* part : {".q", ".k", ".v"})
                all.push_back({stage + part, Kind::Heads, "projection", i, stage});
            all.push_back({stage + ".pattern", Kind::Attention, "attention after softmax", i, stage});
            all.push_back({stage + ".out", i ? Kind::Tokens : Kind::Grid, "stage output", i, stage});
        }
        all.push_back({"merge.out", Kind::Grid, "pooled tokens", -1, "merge"});
        all.push_back({"logits", Kind::Vector, "logits", -1, ""});
        return all;
    }

    Tensor forward(Run& run, const Config& config, const Tensor& input) const override
    {
        const Index heads = config.integer("heads");
        State s{input, nullptr, {}};
        s = run.block("embed", s, [&](const State& in) {
            const Tensor x = linear(run, patches(run, in.x, patch), "weight"); // [B, 64, dim]
            const LayoutPtr layout = TokenLayout::image(grid, grid, pixels, pixels);
            return State{run.show("out", x, {.queries = layout}), layout, {}};
        });
        s = run.block("stages.0", s, [&](const State& in) {
            const Tensor own = windowIndex(1), seen = windowIndex(2); // [4, 16], [4, 32]
            const Shown tokens{.queries = in.layout};
            const Tensor q = run.show("q", splitHeads(run, linear(run, in.x, "q.weight"), heads), tokens);
            const Tensor k = run.show("k", splitHeads(run, linear(run, in.x, "k.weight"), heads), tokens);
            const Tensor v = run.show("v", splitHeads(run, linear(run, in.x, "v.weight"), heads), tokens);
            const Tensor scores = product(run, gather(run, q, own), gather(run, k, seen), true);
            const Tensor pattern = run.show("pattern", softmax(run, scores, 1), // [B, 4, heads, 16, 32]
                {.queries = in.layout, .queryIndex = own, .keyIndex = seen});
            const Tensor y = scatter(run, product(run, pattern, gather(run, v, seen)), own);
            const Tensor x = asGrid(run, sum(run, in.x, mergeHeads(run, y)), grid);
            return State{asTokens(run, run.show("out", x, {.queries = in.layout})), in.layout, {}};
        });
        s = run.block("merge", s, [&](const State& in) {
            const LayoutPtr layout = TokenLayout::image(grid / 2, grid / 2, pixels, pixels);
            const Tensor x = pooled(run, asGrid(run, in.x, grid)); // [B, dim, 4, 4]
            return State{run.show("out", x, {.queries = layout}), layout, {}};
        });
        s = run.block("stages.1", s, [&](const State& in) {
            const LayoutPtr few = TokenLayout::image(grid / 4, grid / 4, pixels, pixels);
            const Shown tokens{.queries = in.layout}, keys{.queries = few};
            const Tensor x = asTokens(run, in.x),
                         source = asTokens(run, pooled(run, in.x)); // [B, 16 | 4, dim]
            const Tensor q = run.show("q", splitHeads(run, linear(run, x, "q.weight"), heads), tokens);
            const Tensor k = run.show("k", splitHeads(run, linear(run, source, "k.weight"), heads), keys);
            const Tensor v = run.show("v", splitHeads(run, linear(run, source, "v.weight"), heads), keys);
            const Tensor p = softmax(run, product(run, q, k, true), 1); // [B, heads, 16, 4]
            const Shape one{p.dim(0), 1, heads, p.dim(2), p.dim(3)};
            const Tensor pattern = run.show("pattern", p.reshaped(one), {.queries = in.layout, .keys = few});
            const Tensor y = mergeHeads(run, product(run, pattern.reshaped(p.shape()), v));
            return State{run.show("out", sum(run, x, y), tokens), in.layout, {}};
        });
        s = run.block("head", s, [&](const State& in) {
            return State{linear(run, meanOverTokens(run, in.x), "weight"), nullptr, {}};
        });
        return run.show("logits", s.x);
    }
};

}

void addWindows(Registry& registry) { registry.add(std::make_unique<Windows>()); }

}
