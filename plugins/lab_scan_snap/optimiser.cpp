// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/optimiser.h"

#include <algorithm>
#include <cmath>

namespace fovea::plugin::scan_snap {

namespace {

constexpr double firstDecay = 0.9, secondDecay = 0.999, smallest = 1e-8;

void descend(const Update& update, std::span<const double> gradient, std::span<const double> before,
    std::span<const double> momentum, std::span<double> after, std::span<double> momentumAfter)
{
    const double decay = update.optimiser.momentum, rate = update.rate;
    const double *g = gradient.data(), *w = before.data(), *v = momentum.data();
    double* __restrict next = after.data(), * __restrict nextV = momentumAfter.data();
    for (std::size_t i = 0; i < gradient.size(); ++i) {
        const double moved = decay * v[i] + g[i];
        nextV[i] = moved;
        next[i] = w[i] - rate * moved;
    }
}

struct AdamMoments {
    std::span<const double> first, second;
    std::span<double> firstAfter, secondAfter;
};

void descendByAdam(const Update& update, std::span<const double> gradient, std::span<const double> before,
    const AdamMoments& moments, std::span<double> after)
{
    const auto t = static_cast<double>(update.step + 1);
    const double pace = update.rate / (1 - std::pow(firstDecay, t));
    const double root = std::sqrt(1 - std::pow(secondDecay, t));
    for (std::size_t i = 0; i < gradient.size(); ++i) {
        const double g = gradient[i];
        const double m = firstDecay * moments.first[i] + (1 - firstDecay) * g;
        const double v = secondDecay * moments.second[i] + (1 - secondDecay) * g * g;
        moments.firstAfter[i] = m;
        moments.secondAfter[i] = v;
        after[i] = before[i] - pace * m / (std::sqrt(v) / root + smallest);
    }
}

}

void addMoments(NamedTensors& state, const std::string& name, const Shape& shape, bool isAdam)
{
    for (const char* moment : {".momentum", ".first", ".second"})
        if (isAdam == (std::string_view(moment) != ".momentum"))
            state.append(name + moment, Tensor::zeros(shape, DType::F64));
}

void makeUpdate(Run& run, const Update& update, const std::string& name, std::span<const double> gradient,
    const NamedTensors& before, NamedTensors& after)
{
    const auto made = [&](const std::string& key) { return run.make(before[key].shape(), DType::F64); };
    const auto old = before[name].values<double>();
    Tensor matrix = made(name);
    const auto next = matrix.writable<double>();
    if (update.optimiser.isAdam) {
        Tensor first = made(name + ".first"), second = made(name + ".second");
        descendByAdam(update, gradient, old,
            {before[name + ".first"].values<double>(), before[name + ".second"].values<double>(),
                first.writable<double>(), second.writable<double>()},
            next);
        after.set(name + ".first", first);
        after.set(name + ".second", second);
    } else {
        Tensor momentum = made(name + ".momentum");
        descend(update, gradient, old, before[name + ".momentum"].values<double>(), next,
            momentum.writable<double>());
        after.set(name + ".momentum", momentum);
    }
    std::copy(old.begin() + static_cast<std::ptrdiff_t>(gradient.size()), old.end(),
        next.begin() + static_cast<std::ptrdiff_t>(gradient.size()));
    after.set(name, matrix);
}

}
