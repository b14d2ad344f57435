// What is to come of a series, as one linear map of what was.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/toys/toy_math.h"
#include "tests/support/toys/toys.h"

namespace fovea::toys {

namespace {

class Series final : public Architecture {
public:
    Identity identity() const override
    {
        return {"toy_series", "Toy series", "linear", "forecasting", {"None", 2026, ""},
            "The rows to come as a linear map of the rows that were."};
    }
    Schema schema() const override
    {
        return {{"length", std::int64_t{6}, "rows that were", 1, 1000},
            {"horizon", std::int64_t{2}, "rows to come", 1, 1000},
            {"columns", std::int64_t{2}, "columns", 1, 1000}};
    }
    std::vector<Preset> presets() const override { return {}; }
    Shape inputShape(const Config& c) const override { return {c.integer("length"), c.integer("columns")}; }
    std::vector<std::string> blocks(const Config&) const override { return {"map"}; }
    Manifest manifest(const Config& c) const override
    {
        const Index columns = c.integer("columns");
        return {{"map.weight", {c.integer("horizon") * columns, c.integer("length") * columns}, normal(0.1)}};
    }
    std::vector<SignalInfo> signalInfos(const Config&) const override
    {
        return {{"logits", Kind::Matrix, "rows to come", -1, ""}};
    }
    Tensor forward(Run& run, const Config& c, const Tensor& input) const override
    {
        const Index batch = input.dim(0), columns = c.integer("columns");
        const State s = run.block("map", {input, nullptr, {}}, [&](const State& in) {
            const Tensor flat = in.x.reshaped({batch, c.integer("length") * columns});
            return State{
                linear(run, flat, "weight").reshaped({batch, c.integer("horizon"), columns}), nullptr, {}};
        });
        return run.show("logits", s.x);
    }
};

}

void addSeries(Registry& registry) { registry.add(std::make_unique<Series>()); }

}
