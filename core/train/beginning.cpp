// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/beginning.h"

#include "core/io/naming.h"
#include "core/io/open_weights.h"

#include <algorithm>

namespace fovea::train {

namespace {

/// `named` with the values of all fields that both schemas have.
Config mixed(Config named, const Config& other)
{
    for (const Field& field : other.schema())
        if (const Field* own = findField(named.schema(), field.name);
            own && own->standard.index() == field.standard.index())
            named.set(field.name, other.value(field.name));
    return named;
}

}

std::vector<std::string> Beginning::takeInto(
    NamedTensors& parameters, const Architecture& architecture, const Config& to) const
{
    if (!weights)
        return {};
    const NamedTensors given = architecture.resized(config, to, weights->parts().parameters);
    std::vector<std::string> fresh;
    NamedTensors taken;
    for (const auto& [name, value] : parameters) {
        const Tensor* found = given.find(name);
        const bool fits = found && found->shape() == value.shape();
        taken.append(name, fits ? *found : value);
        if (!fits)
            fresh.push_back(name);
    }
    parameters = taken;
    return fresh;
}

Beginning beginFrom(const std::string& file, const Registry& registry, const Architecture& architecture,
    const Config& named, const StopToken& stop)
{
    const io::OpenedWeights opened = io::openWeights(file, registry, {{}, {}, stop});
    for (const TensorReport& row : opened.report)
        if (row.hasNonFinite)
            throw Error(file, "tensor '" + row.name + "' holds NaN or infinity");
    const Weights& weights = *opened.weights;
    const std::string id = architecture.identity().id;
    if (weights.architecture() == id)
        return {opened.weights, weights.config()};
    return io::naming(file, [&] {
        const Config config = mixed(named, weights.config());
        const Manifest manifest = architecture.manifest(config);
        if (std::ranges::none_of(
                manifest, [&](const ParameterInfo& info) { return weights.find(info.name); }))
            throw Error("expected weights of '" + id + "', found '" + weights.architecture()
                + "', none of whose tensors it knows");
        return Beginning{opened.weights, config};
    });
}

}
