// A small ViT whose tokens are first dropped by score and then merged in pairs, in mid-run.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/toys/toy_math.h"
#include "tests/support/toys/toys.h"

namespace fovea::toys {

namespace {

constexpr Index patch = 2, grid = 6, tokenCount = 1 + grid * grid; // cls and 6 x 6 patches of 2 x 2 pixels

/// The Keep record [B, original, 2]: the scores [B, n] of who was left (original numbers, [B, n, 1]) and
/// which of them were kept (positions, [B, m]).
Tensor keepRecord(Run& run, const Tensor& left, const Tensor& scores, const Tensor& kept)
{
    const Index n = left.dim(1), m = kept.dim(1);
    Tensor record = filled(run, {left.dim(0), tokenCount, 2}, [](Index) { return 0.0F; });
    const auto out = record.writable();
    const auto chosen = kept.values<std::int32_t>();
    const auto place = [&](Index b, Index present) {
        return static_cast<std::size_t>(
            (b * tokenCount + static_cast<Index>(left.data()[b * n + present])) * 2);
    };
    for (Index i = 0; i < left.dim(0) * n; ++i)
        out[place(i / n, i % n)] = scores.data()[i];
    for (Index i = 0; i < left.dim(0) * m; ++i)
        out[place(i / m, chosen[static_cast<std::size_t>(i)]) + 1] = 1;
    return record;
}

/// The first token of a pair of neighbours; pair 0 is the class token alone.
std::int32_t firstOf(Index pair) { return static_cast<std::int32_t>(std::max<Index>(0, 2 * pair - 1)); }

/// Flows on beside x: the original numbers of the tokens that are left, [B, n, 1].
NamedTensors with(const Tensor& left)
{
    NamedTensors more;
    more.set("left", left);
    return more;
}

class Drop final : public Architecture {
public:
    Identity identity() const override
    {
        return {"toy_drop", "Toy drop", "token reduction", "image classification", {"None", 2026, ""},
            "Drops half of its tokens by score, then merges the rest in pairs."};
    }
    Schema schema() const override
    {
        return {{"dim", std::int64_t{4}, "channels of a token", 2, 64},
            {"heads", std::int64_t{2}, "attention heads", 1, 8}};
    }
    std::vector<Preset> presets() const override { return {}; }
    Shape inputShape(const Config&) const override { return {1, patch * grid, patch * grid}; }
    std::vector<std::string> blocks(const Config&) const override
    {
        return {"embed", "blocks.0", "stages.0", "blocks.1", "stages.1", "blocks.2", "head"};
    }

    Manifest manifest(const Config& config) const override
    {
        const Index dim = config.integer("dim");
        requireDivisor(config, "heads", "dim");
        Manifest all{{"embed.weight", {dim, patch * patch}, normal(1)}, {"embed.cls", {1, dim}, normal(1)}};
        for (const char* part : {"blocks.0.attn.q", "blocks.0.attn.v", "blocks.1.attn.q", "blocks.1.attn.v",
                 "blocks.2.attn.q", "blocks.2.attn.v"})
            all.push_back({std::string(part) + ".weight", {dim, dim}, normal(0.7)});
        all.push_back({"stages.0.score.weight", {1, dim}, normal(1)});
        all.push_back({"head.weight", {2, dim}, normal(1)});
        return all;
    }

    std::vector<SignalInfo> signalInfos(const Config&) const override
    {
        std::vector<SignalInfo> all;
        for (int i = 0; i < 3; ++i) {
            const std::string block = "blocks." + std::to_string(i), stage = "stages." + std::to_string(i);
            all.push_back({block + ".attn.pattern", Kind::Attention, "attention after softmax", i, block});
            all.push_back({block + ".attn.head", Kind::Heads, "output of each head", i, block});
            all.push_back({block + ".out", Kind::Tokens, "block output", i, block});
            if (i < 2)
                all.push_back(
                    {stage + ".keep", Kind::Keep, "kept tokens", i, stage, {}, {}, {"score", "kept"}});
        }
        all.push_back({"logits", Kind::Vector, "logits", -1, ""});
        return all;
    }

    Tensor forward(Run& run, const Config& config, const Tensor& input) const override
    {
        const LayoutPtr whole = TokenLayout::image(grid, grid, patch * grid, patch * grid, {"cls"});
        State s{input, nullptr, {}};
        s = run.block("embed", s, [&](const State& in) {
            const Tensor x = linear(run, patches(run, in.x, patch), "weight");
            const Tensor all = filled(
                run, {x.dim(0), tokenCount, 1}, [](Index i) { return static_cast<float>(i % tokenCount); });
            return State{prepended(run, x, run.weight("cls")), whole, with(all)}; // [B, 37, dim]
        });
        const auto block = [&](const char* path) {
            s = run.block(path, s, [&](const State& in) {
                const Tensor x = attend(run, in.x, in.layout, config.integer("heads"));
                return State{run.show("out", x, {.queries = in.layout}), in.layout, in.more};
            });
        };
        block("blocks.0");
        s = run.block("stages.0", s, [&](const State& in) { // 37 tokens become 19
            const Tensor scores = linear(run, in.x, "score.weight");
            const Tensor kept = betterHalf(scores.reshaped({in.x.dim(0), in.x.dim(1)})),
                         &left = in.more["left"];
            run.show("keep", keepRecord(run, left, scores, kept), {.queries = whole});
            const Tensor own = kept.at(run.watched());
            const LayoutPtr layout = in.layout->selected(own.values<std::int32_t>());
            return State{take(run, in.x, kept), layout, with(take(run, left, kept))};
        });
        block("blocks.1");
        s = run.block("stages.1", s, [&](const State& in) { // 19 tokens become 10: cls and nine pairs
            const Index batch = in.x.dim(0), n = (in.x.dim(1) + 1) / 2, dim = in.x.dim(2);
            Tensor first({batch, n}, DType::I32);
            for (Index i = 0; i < batch * n; ++i)
                first.writable<std::int32_t>()[static_cast<std::size_t>(i)] = firstOf(i % n);
            std::vector<std::vector<int>> groups{{0}};
            for (int pair = 1; pair < n; ++pair)
                groups.push_back({2 * pair - 1, 2 * pair});
            const Index size = in.x.dim(1) * dim;
            const Tensor x = combined(run, {in.x}, {batch, n, dim}, [=](Index i, const AddTerm& add) {
                const Index sample = i / (n * dim) * size + i % dim, pair = i / dim % n;
                add({0, sample + firstOf(pair) * dim, 0.5F});
                add({0, sample + 2 * pair * dim, 0.5F});
            });
            const Tensor scores
                = filled(run, {batch, in.x.dim(1)}, [&](Index i) { return in.x.data()[i * dim]; });
            run.show("keep", keepRecord(run, in.more["left"], scores, first), {.queries = whole});
            return State{x, in.layout->merged(groups), with(take(run, in.more["left"], first))};
        });
        block("blocks.2");
        s = run.block("head", s, [&](const State& in) {
            return State{linear(run, firstToken(run, in.x), "weight"), nullptr, {}};
        });
        return run.show("logits", s.x);
    }
};

}

void addDrop(Registry& registry) { registry.add(std::make_unique<Drop>()); }

}
