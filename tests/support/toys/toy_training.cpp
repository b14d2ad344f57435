// As if a small vision transformer were trained: heads that sharpen step by step, a loss that falls.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/toys/toy_math.h"
#include "tests/support/toys/toys.h"

#include <cmath>

namespace fovea::toys {

namespace {

constexpr Index layers = 4, heads = 3, side = 7, tokens = side * side + 1;

LayoutPtr layout()
{
    static const LayoutPtr made = TokenLayout::image(side, side, 4 * side, 4 * side, {"cls"});
    return made;
}

class Training final : public Lab {
public:
    Identity identity() const override
    {
        return {"toy_training", "Toy training", "training dynamics", "simulation", {"None", 2026, ""},
            "Attention that sharpens about the query, while a loss falls."};
    }
    Schema schema() const override
    {
        return {{"rate", 0.02, "how fast heads sharpen", 0.0, 1.0}, {"noise", 0.05, "of the loss", 0.0, 1.0},
            {"width", std::int64_t{1}, "size of the state, a run keeps it", 1, 64}};
    }
    bool canChange(std::string_view field) const override { return field != "width"; }

    std::vector<SignalInfo> signalInfos(const Config&) const override
    {
        std::vector<SignalInfo> all{{"loss", Kind::Scalar, "loss", -1, ""},
            {"accuracy", Kind::Scalar, "accuracy", -1, ""}, {"logits", Kind::Vector, "logits", -1, ""}};
        for (Index layer = 0; layer < layers; ++layer)
            all.push_back({"blocks." + std::to_string(layer) + ".attn.pattern", Kind::Attention,
                "attention after softmax", static_cast<int>(layer), ""});
        return all;
    }

    NamedTensors start(const Config& config, std::uint64_t seed) const override
    {
        Tensor sharpness({layers, heads}, DType::F64);
        const RandomPlace place{seed, 0, hashOf("sharpness"), 0};
        std::uint64_t i = 0;
        for (double& value : sharpness.writable<double>())
            value = 0.05 * std::abs(place.normal(i++));
        NamedTensors state;
        state.set("sharpness", sharpness);
        state.set("ballast", Tensor::zeros({config.integer("width") * 1024}));
        return state;
    }

    NamedTensors advance(Run& run, const Config& config, const NamedTensors& state) const override
    {
        Tensor sharpness = state["sharpness"].clone();
        const RandomPlace noise = run.random("noise");
        double mean = 0;
        std::uint64_t i = 0;
        for (double& value : sharpness.writable<double>()) {
            value += config.real("rate") * (1 + 0.3 * noise.normal(i++)) * std::exp(-value);
            mean += value / static_cast<double>(layers * heads);
        }
        show(run, sharpness, std::exp(-mean) * (1 + config.real("noise") * noise.normal(999)), mean);
        NamedTensors next = state;
        next.set("sharpness", sharpness);
        return next;
    }

private:
    static void show(Run& run, const Tensor& sharpness, double loss, double mean)
    {
        run.show("loss", Tensor::of<double>({1}, std::vector{loss}));
        run.show("accuracy", Tensor::of<double>({1}, std::vector{1 - 0.9 * std::exp(-mean)}));
        run.show("logits", Tensor::of<double>({1, 3}, std::vector{mean, -mean, 0.5 * mean}));
        for (Index layer = 0; layer < layers; ++layer) {
            const auto scope = run.in("blocks." + std::to_string(layer) + ".attn");
            if (run.wants("pattern", heads * tokens * tokens * sizeof(float)) == Want::Nothing)
                continue;
            run.show("pattern", pattern(run, sharpness, layer), {.queries = layout()});
        }
    }

    static Tensor pattern(Run& run, const Tensor& sharpness, Index layer)
    {
        const auto scale = sharpness.values<double>();
        const Tensor scores = filled(run, {1, 1, heads, tokens, tokens}, [&](Index at) {
            const Index head = at / (tokens * tokens), query = at / tokens % tokens, key = at % tokens;
            if (query == 0 || key == 0)
                return query == key ? 1.0F : 0.0F;
            const Index dx = (query - 1) % side - (key - 1) % side,
                        dy = (query - 1) / side - (key - 1) / side;
            return static_cast<float>(-scale[static_cast<std::size_t>(layer * heads + head)]
                * static_cast<double>(dx * dx + dy * dy));
        });
        return softmax(run, scores, 1);
    }
};

}

void addTraining(Registry& registry) { registry.add(std::make_unique<Training>()); }

}
