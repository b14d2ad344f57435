// Noisy gradient descent on a quadratic bowl in f64, whose curves theory knows.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/toys/toy_math.h"
#include "tests/support/toys/toys.h"

#include <cmath>

namespace fovea::toys {

namespace {

constexpr Index n = 4;

/// Curvature of the bowl along axis i.
double curvature(std::size_t i) { return 1.0 / static_cast<double>(i + 1); }

/// The loss of a point: half the sum of curvature * x^2.
double lossOf(std::span<const double> x)
{
    double loss = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
        loss += 0.5 * curvature(i) * x[i] * x[i];
    return loss;
}

Tensor batched(const Shape& shape, const std::vector<double>& values)
{
    return Tensor::of<double>(shape, values);
}

/// Points, curvatures and who pulls whom, for the views; x is the point after the step.
void showStep(Run& run, std::span<const double> x)
{
    std::vector<double> matrix(n * n), points, edges;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
            matrix[i * n + j] = x[i] * x[j];
    for (std::size_t i = 0; i < n; ++i) {
        points.insert(points.end(), {static_cast<double>(i), x[i]});
        edges.insert(
            edges.end(), {static_cast<double>(i), static_cast<double>((i + 1) % n), x[i] * x[(i + 1) % n]});
    }
    run.show("x", batched({1, n}, {x.begin(), x.end()}));
    run.show("loss", batched({1}, {lossOf(x)}));
    run.show("outer", batched({1, n, n}, matrix));
    run.show("position", batched({1, n, 2}, points));
    run.show("pull", batched({1, n, 3}, edges));
}

class Descent final : public Lab {
public:
    Identity identity() const override
    {
        return {"toy_lab", "Toy lab", "training dynamics", "simulation", {"None", 2026, ""},
            "Gradient descent on a quadratic bowl, with noise on request."};
    }
    Schema schema() const override
    {
        return {{"rate", 0.1, "learning rate", 0.0, 1.0}, {"noise", 0.0, "deviation of the noise", 0.0, 1.0}};
    }

    std::vector<SignalInfo> signalInfos(const Config&) const override
    {
        return {{"x", Kind::Vector, "point", -1, ""}, {"loss", Kind::Scalar, "loss", -1, ""},
            {"outer", Kind::Matrix, "point times itself", -1, ""},
            {"position", Kind::Points, "point by axis", -1, "", {}, {}, {"axis", "x"}},
            {"pull", Kind::Graph, "neighbours", -1, "", {}, {}, {"from", "to", "weight"}}};
    }

    NamedTensors start(const Config&, std::uint64_t) const override
    {
        NamedTensors state;
        state.set("x", batched({n}, std::vector<double>(n, 1.0)));
        return state;
    }

    NamedTensors advance(Run& run, const Config& config, const NamedTensors& state) const override
    {
        Tensor x = state["x"].clone();
        const RandomPlace noise = run.random("noise");
        const auto values = x.writable<double>();
        for (std::size_t i = 0; i < n; ++i) // x <- x - rate * gradient + noise
            values[i]
                += -config.real("rate") * curvature(i) * values[i] + config.real("noise") * noise.normal(i);
        showStep(run, values);
        NamedTensors next;
        next.set("x", x);
        return next;
    }

    /// Without noise x_i(t) = (1 - rate * curvature_i)^t.
    std::vector<Record> theory(const Config& config) const override
    {
        constexpr Index steps = 100;
        Record curve;
        curve.info = {"loss", Kind::Vector, "loss without noise", -1, ""};
        curve.value = Tensor({steps}, DType::F64);
        curve.axes = {{"step", "", {}, {}}};
        for (Index t = 0; t < steps; ++t) {
            std::vector<double> x(n);
            for (std::size_t i = 0; i < n; ++i)
                x[i] = std::pow(1 - config.real("rate") * curvature(i), static_cast<double>(t + 1));
            curve.value.writable<double>()[static_cast<std::size_t>(t)] = lossOf(x);
        }
        return {curve};
    }
};

}

void addLab(Registry& registry) { registry.add(std::make_unique<Descent>()); }

}
