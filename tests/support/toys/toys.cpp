// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/toys/toys.h"

#include <map>

namespace fovea::toys {

void addToys(Registry& registry)
{
    addWindows(registry);
    addDrop(registry);
    addFilter(registry);
    addLab(registry);
}

const Registry& toys()
{
    static const Registry& all = []() -> const Registry& {
        static Registry registry;
        addToys(registry);
        return registry;
    }();
    return all;
}

Tensor toyInput(const Architecture& architecture, Index batch)
{
    const Shape sample = architecture.inputShape(Config(architecture.schema()));
    std::vector<Index> extents{batch};
    extents.insert(extents.end(), sample.extents().begin(), sample.extents().end());
    Tensor input{Shape(extents)};
    const RandomPlace place{1, 0, hashOf("toy input"), 0};
    const auto values = input.writable();
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(place.normal(i));
    return input;
}

WeightsPtr toyWeights(const Architecture& architecture)
{
    static std::map<std::string, WeightsPtr> made;
    WeightsPtr& weights = made[architecture.identity().id];
    if (!weights)
        weights = freshWeights(architecture, Config(architecture.schema()), 1);
    return weights;
}

TracePtr toyTrace(std::string_view id, const ExecuteOptions& options)
{
    if (const Lab* lab = toys().lab(id))
        return executeLab(*lab, Config(lab->schema()), 12, 1, options);
    const Architecture& architecture = toys().requireArchitecture(id);
    return execute(architecture, *toyWeights(architecture), toyInput(architecture), options);
}

}
