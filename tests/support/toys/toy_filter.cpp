// Half-spectrum complex filters over a picture, and a memory that each call leaves to the next.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/toys/toy_math.h"
#include "tests/support/toys/toys.h"

namespace fovea::toys {

namespace {

constexpr Index side = 8, half = side / 2 + 1;

/// The largest pixel of each channel: [B, C, 3], fields y, x and value.
Tensor peaks(Run& run, const Tensor& x)
{
    return filled(run, {x.dim(0), x.dim(1), 3}, [&](Index i) {
        const float* plane = x.data() + i / 3 * side * side;
        const Index top = std::max_element(plane, plane + side * side) - plane;
        const Index row = top / side, column = top % side;
        return i % 3 == 0 ? static_cast<float>(row) : i % 3 == 1 ? static_cast<float>(column) : plane[top];
    });
}

class Filters final : public Architecture {
public:
    Identity identity() const override
    {
        return {"toy_filter", "Toy filter", "spectral", "image classification", {"None", 2026, ""},
            "Two complex filters on the half spectrum, and a recurrent memory."};
    }
    Schema schema() const override
    {
        return {{"channels", std::int64_t{2}, "channels of the picture", 1, 8},
            {"decay", 0.5, "share of the memory that stays", 0.0, 1.0}};
    }
    std::vector<Preset> presets() const override { return {{"rgb", {{"channels", 3}, {"decay", 0.9}}}}; }
    Shape inputShape(const Config& config) const override { return {config.integer("channels"), side, side}; }
    std::vector<std::string> blocks(const Config&) const override
    {
        return {"blocks.0", "blocks.1", "memory", "head"};
    }

    Manifest manifest(const Config& config) const override
    {
        const Index channels = config.integer("channels");
        return {{"blocks.0.filter.complex_weight", {channels, side, half, 2}, normal(0.5)},
            {"blocks.1.filter.complex_weight", {channels, side, half, 2}, normal(0.5)},
            {"memory.value", {channels}, {}, ParameterRole::State},
            {"head.weight", {2, channels}, normal(1)}};
    }

    std::vector<SignalInfo> signalInfos(const Config&) const override
    {
        std::vector<SignalInfo> all;
        for (int i = 0; i < 2; ++i) {
            const std::string block = "blocks." + std::to_string(i), filter = block + ".filter";
            all.push_back(
                {filter + ".weight", Kind::Filter, "learned filter", i, block, {}, {}, {}, "half-spectrum"});
            all.push_back({filter + ".spectrum", Kind::Filter, "filtered spectrum", i, block, {}, {}, {},
                "half-spectrum"});
            all.push_back({block + ".out", Kind::Grid, "block output", i, block});
            all.push_back(
                {block + ".peaks", Kind::Points, "largest pixels", i, block, {}, {}, {"y", "x", "value"}});
        }
        all.push_back({"memory.state", Kind::Vector, "memory after the call", -1, "memory"});
        all.push_back({"memory.gram", Kind::Matrix, "memory times itself", -1, "memory"});
        all.push_back({"logits", Kind::Vector, "logits", -1, ""});
        return all;
    }

    Tensor forward(Run& run, const Config& config, const Tensor& input) const override
    {
        const LayoutPtr pixels = TokenLayout::image(side, side, side, side);
        const auto decay = static_cast<float>(config.real("decay"));
        State s{input, pixels, {}};
        for (const char* path : {"blocks.0", "blocks.1"})
            s = run.block(path, s, [&](const State& in) { // y = inverse(filter * forward(x))
                const Tensor& pairs = run.weight("filter.complex_weight"); // [C, 8, 5, 2], real and imaginary
                const Tensor weight
                    = run.show("filter.weight", asComplex(run, pairs, {1, pairs.dim(0), side, half}));
                const Tensor spectrum
                    = run.show("filter.spectrum", timesFilter(run, halfSpectrum(run, in.x), weight));
                const Tensor y = run.show("out", fromHalfSpectrum(run, spectrum), {.queries = in.layout});
                run.show("peaks", peaks(run, y));
                return State{y, in.layout, {}};
            });
        s = run.block("memory", s, [&](const State& in) { // m = decay * m + (1 - decay) * mean(x)
            const Index channels = in.x.dim(1);
            const Tensor now = meanOverTokens(run, asTokens(run, in.x)), &before = run.weight("value");
            const auto terms = [=](Index i, const AddTerm& add) {
                add({0, i % channels, decay});
                add({1, i, 1 - decay});
            };
            const Tensor memory = run.show("state", combined(run, {before, now}, now.shape(), terms));
            const Tensor column = memory.reshaped({memory.dim(0), channels, 1});
            run.show("gram", product(run, column, column, true));
            run.keep("value", {}, memory.at(run.watched())); // that of the watched sample goes on
            State out = in;
            out.more.set("memory", memory);
            return out;
        });
        s = run.block("head", s, [&](const State& in) {
            return State{linear(run, in.more["memory"], "weight"), nullptr, {}};
        });
        return run.show("logits", s.x);
    }
};

}

void addFilter(Registry& registry) { registry.add(std::make_unique<Filters>()); }

}
