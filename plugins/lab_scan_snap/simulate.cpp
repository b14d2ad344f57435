// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/simulate.h"

#include "plugins/lab_scan_snap/model.h"
#include "plugins/lab_scan_snap/official_streams.h"
#include "plugins/lab_scan_snap/optimiser.h"
#include "plugins/lab_scan_snap/reduced.h"

#include "core/tensor/error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace fovea::plugin::scan_snap {

namespace {

/// A loss beyond this many times that of a guess is no training any more.
constexpr double hopeless = 1e4;

constexpr std::uint64_t torchSeed = 2; // what the official code adds to the seed for PyTorch

Tensor numberTensor(Index number) { return Tensor::of<std::int64_t>({1}, std::array{std::int64_t{number}}); }

Tensor ofDoubles(const Shape& shape, std::span<const double> values)
{
    return Tensor::of<double>(shape, values);
}

/// K1 and K2 as nn.Linear makes them, K1 transposed; the stream is then where the official one is.
void addWeights(NamedTensors& state, const Settings& settings, const Layout& layout, Mersenne& torch)
{
    const Index m = layout.vocabulary;
    const auto size = static_cast<std::size_t>(m);
    const std::vector<float> k1 = linearWeights(torch, size, size), k2 = linearWeights(torch, size, size);
    Tensor y = Tensor::zeros({m, m}, DType::F64), z = Tensor::zeros({layout.queries, m}, DType::F64);
    if (settings.startsRandom) {
        const auto toY = y.writable<double>(), toZ = z.writable<double>();
        for (std::size_t i = 0; i < size; ++i)
            for (std::size_t j = 0; j < size; ++j)
                toY[j * size + i] = static_cast<double>(k1[i * size + j]);
        std::transform(k2.begin() + layout.firstQuery * m, k2.begin() + layout.moving() * m, toZ.begin(),
            [](float value) { return static_cast<double>(value); });
    }
    state.append("Y", y);
    state.append("Z", z);
    state.append("Z.start", z);
    addMoments(state, "Y", {layout.moving(), m}, settings.optimiser.isAdam);
    addMoments(state, "Z", {layout.queries, m}, settings.optimiser.isAdam);
}

/// As Dataset2.generate: for each sequence a class by Python's stream, then its tokens by PyTorch's.
Sequences drawn(const Settings& settings, const Layout& layout, Mersenne& python, Mersenne& torch)
{
    Sequences made(layout);
    made.weight = 1.0 / settings.batch;
    std::vector<std::uint32_t> chosen(static_cast<std::size_t>(settings.batch));
    for (std::uint32_t& n : chosen) {
        n = chooseOne(python, static_cast<std::uint32_t>(layout.count()));
        ++made.rows[n];
    }
    std::vector<double*> row;
    for (std::size_t n = 0; n < layout.classes.size(); ++n) {
        made.counts[n].resize(made.rows[n] * layout.classes[n].tokens.size());
        row.push_back(made.counts[n].data());
    }
    const Multinomial tokens(layout.officialProbabilities);
    std::vector<std::uint32_t> words(2 * static_cast<std::size_t>(settings.length - 1));
    for (const std::uint32_t n : chosen) {
        torch.fill(words);
        tokens.count(words, {row[n], tokens.size()});
        row[n][tokens.size()] = settings.form.includesQuery ? 1 : 0;
        row[n] += tokens.size() + 1;
    }
    return made;
}

/// Every class once, with its probabilities: T to infinity, where one query more or less is nothing.
Sequences expected(const Layout& layout)
{
    Sequences made(layout);
    made.weight = 1.0 / static_cast<double>(layout.count());
    for (std::size_t n = 0; n < layout.classes.size(); ++n) {
        const SequenceClass& one = layout.classes[n];
        made.rows[n] = 1;
        made.counts[n] = one.probabilities;
        made.counts[n].push_back(0);
    }
    return made;
}

[[noreturn]] void sayDivergence(Index step, const std::string& what, const Settings& settings)
{
    throw Error("step " + std::to_string(step) + ": the run diverges: " + what + "; eta_y is "
        + textOf(FieldValue(settings.optimiser.rateY)) + ", eta_z "
        + textOf(FieldValue(settings.optimiser.rateZ)) + ", momentum "
        + textOf(FieldValue(settings.optimiser.momentum)));
}

void checkLoss(double loss, const Settings& settings, const Layout& layout, Index step)
{
    if (!std::isfinite(loss))
        sayDivergence(step, "the loss is not finite", settings);
    if (loss > hopeless * std::log(static_cast<double>(layout.vocabulary)))
        sayDivergence(step,
            "the loss is " + textOf(FieldValue(loss)) + ", more than 10,000 times that of a guess", settings);
}

/// Between two tokens attention grows by exp(2 of what their logits moved apart): beyond `farthest` that is
/// no number any more.
void checkReach(const Settings& settings, const NamedTensors& state, Index step)
{
    static const double farthest = std::log(std::numeric_limits<double>::max()) / 2;
    const auto z = state["Z"].values<double>(), start = state["Z.start"].values<double>();
    double low = 0, high = 0;
    for (std::size_t i = 0; i < z.size(); ++i) {
        low = std::min(low, z[i] - start[i]);
        high = std::max(high, z[i] - start[i]);
    }
    if (high - low > farthest)
        sayDivergence(step,
            "attention logits moved " + textOf(FieldValue(std::round(high - low)))
                + " apart, and growth beyond exp(2 * 354) is no number",
            settings);
}

Step reducedStep(const Settings& settings, const Layout& layout, const NamedTensors& state)
{
    const Reduced equations(layout, settings.optimiser, settings.isOriginal);
    const std::vector<double> before = reducedOf(state);
    Step step{equations.lossOf(before), state};
    const std::vector<double> after = equations.advanced(before, settings.timeStep);
    const std::span<const double> all = after;
    step.state.set("Z", ofDoubles(state["Z"].shape(), all.first(equations.growth())));
    step.state.set("reduced", ofDoubles(state["reduced"].shape(), all.subspan(equations.growth())));
    return step;
}

Step descentStep(Run& run, const Settings& settings, const Layout& layout, const NamedTensors& state)
{
    Step step{0, state};
    const auto sequences = [&] {
        if (settings.simulator == Simulator::Population)
            return expected(layout);
        Mersenne python = Mersenne::fromState(state["python"]), torch = Mersenne::fromState(state["torch"]);
        Sequences made = drawn(settings, layout, python, torch);
        step.state.set("python", python.state());
        step.state.set("torch", torch.state());
        return made;
    }();
    const WeightsView weights{state["Y"].values<double>().data(), state["Z"].values<double>().data()};
    const Gradients gradients = gradientsOf(layout, settings.form, weights, sequences);
    step.loss = gradients.loss;
    const Optimiser& optimiser = settings.optimiser;
    makeUpdate(run, {optimiser, optimiser.rateY, numberOf(state)}, "Y", gradients.y, state, step.state);
    makeUpdate(run, {optimiser, optimiser.rateZ, numberOf(state)}, "Z", gradients.z, state, step.state);
    return step;
}

}

std::vector<double> reducedOf(const NamedTensors& state)
{
    std::vector<double> all = state["Z"].toDoubles();
    const auto rest = state["reduced"].values<double>();
    all.insert(all.end(), rest.begin(), rest.end());
    return all;
}

Index numberOf(const NamedTensors& state) { return state["step"].values<std::int64_t>()[0]; }

NamedTensors startOf(const Settings& settings, const Layout& layout, std::uint64_t seed)
{
    NamedTensors state;
    state.append("step", numberTensor(0));
    if (settings.simulator == Simulator::Ode) {
        const Reduced equations(layout, settings.optimiser, settings.isOriginal);
        const Tensor z = Tensor::zeros({layout.queries, layout.vocabulary}, DType::F64);
        state.append("Z", z);
        state.append("Z.start", z);
        state.append("reduced",
            Tensor::zeros({static_cast<Index>(equations.size() - equations.growth())}, DType::F64));
        return state;
    }
    Mersenne torch = Mersenne::fromWord(static_cast<std::uint32_t>(seed + torchSeed));
    addWeights(state, settings, layout, torch);
    if (settings.simulator == Simulator::Sgd) {
        state.append("python", Mersenne::fromNumber(seed).state());
        state.append("torch", torch.state());
    }
    return state;
}

Step stepOf(Run& run, const Settings& settings, const Layout& layout, const NamedTensors& state)
{
    Step step = settings.simulator == Simulator::Ode ? reducedStep(settings, layout, state)
                                                     : descentStep(run, settings, layout, state);
    checkLoss(step.loss, settings, layout, numberOf(state));
    checkReach(settings, step.state, numberOf(state));
    step.state.set("step", numberTensor(numberOf(state) + 1));
    return step;
}

}
