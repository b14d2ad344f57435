// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/manifest.h"

#include "core/run/random.h"
#include "core/tensor/error.h"

#include <cmath>
#include <set>

namespace fovea {

namespace {

/// Normal, redrawn (from further elements) until it lies within two standard deviations.
double truncatedNormal(const RandomPlace& place, std::uint64_t element, std::uint64_t count)
{
    for (std::uint64_t attempt = 0;; ++attempt) {
        const double z = place.normal(element + attempt * count);
        if (std::abs(z) <= 2)
            return z;
    }
}

Tensor fresh(const ParameterInfo& info, std::uint64_t seed, const StopToken& stop)
{
    using Rule = Initialiser::Rule;
    Tensor tensor(info.shape);
    const RandomPlace place{seed, 0, hashOf(info.name), 0};
    const auto values = tensor.writable();
    constexpr std::size_t often = 1 << 16;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i % often == 0)
            stop.check();
        double z = 1;
        if (info.initialiser.rule == Rule::Normal)
            z = place.normal(i);
        else if (info.initialiser.rule == Rule::TruncatedNormal)
            z = truncatedNormal(place, i, values.size());
        else if (info.initialiser.rule == Rule::Uniform)
            z = 2.0 * static_cast<double>(place.uniform(i)) - 1.0;
        values[i] = static_cast<float>(z * info.initialiser.scale);
    }
    return tensor;
}

}

NamedTensors freshParameters(const Manifest& manifest, std::uint64_t seed, const StopToken& stop)
{
    NamedTensors tensors;
    for (const ParameterInfo& info : manifest)
        tensors.set(info.name, fresh(info, seed, stop));
    return tensors;
}

std::vector<TensorReport> compare(const Manifest& manifest, const NamedTensors& tensors)
{
    using State = TensorReport::State;
    std::vector<TensorReport> report;
    std::set<std::string> known;
    for (const ParameterInfo& info : manifest) {
        known.insert(info.name);
        const Tensor* tensor = tensors.find(info.name);
        if (!tensor)
            report.push_back(TensorReport{State::Missing, info.name, {}, "expected " + info.shape.text()});
        else if (tensor->shape() != info.shape)
            report.push_back(TensorReport{State::WrongShape, info.name, info.name,
                "expected " + info.shape.text() + ", found " + tensor->shape().text()});
        else
            report.push_back(
                TensorReport{State::Matched, info.name, info.name, info.shape.text(), !allFinite(*tensor)});
    }
    for (const auto& [name, tensor] : tensors)
        if (!known.contains(name))
            report.push_back(TensorReport{State::Unused, name, name, tensor.shape().text()});
    return report;
}

std::string problemIn(const std::vector<TensorReport>& report)
{
    using State = TensorReport::State;
    std::string first;
    int more = -1;
    for (const TensorReport& row : report) {
        const std::string what = row.state == State::Missing ? "is missing"
            : row.state == State::WrongShape                 ? "has the wrong shape"
            : row.state == State::Unused                     ? "has no place in the model"
                                                             : "";
        if (what.empty() || ++more > 0)
            continue;
        const bool isRenamed = !row.source.empty() && row.source != row.name;
        first = "tensor '" + (isRenamed ? row.source + "' (here '" + row.name + "') " : row.name + "' ")
            + what + ": " + row.detail;
    }
    return first + (more > 0 ? " (and " + std::to_string(more) + " more)" : "");
}

}
