// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/named_architecture.h"

#include "core/tensor/error.h"
#include "core/tensor/nearest.h"

namespace fovea::app {

namespace {

const Architecture& architectureNamed(const Registry& registry, const std::string& id)
{
    if (const Architecture* found = registry.architecture(id))
        return *found;
    std::vector<std::string> ids;
    for (const Architecture* architecture : registry.architectures())
        ids.push_back(architecture->identity().id);
    throw UsageError("there is no architecture '" + id + "'" + nearest(id, ids) + "; see `fovea list`");
}

/// The preset's config; no name: the defaults.
Config configNamed(const Architecture& architecture, const std::string& name)
{
    const auto presets = architecture.presets();
    if (name.empty() || findPreset(presets, name))
        return presetConfig(architecture, name);
    std::vector<std::string> names;
    for (const Preset& preset : presets)
        names.push_back(preset.name);
    throw UsageError("architecture '" + architecture.identity().id + "' has no preset '" + name + "'"
        + nearest(name, names) + "; see `fovea list`");
}

}

NamedArchitecture namedArchitecture(const Registry& registry, const std::string& word)
{
    const auto colon = word.find(':');
    const std::string preset = colon == std::string::npos ? "" : word.substr(colon + 1);
    const Architecture& architecture = architectureNamed(registry, word.substr(0, colon));
    return {&architecture, preset, configNamed(architecture, preset)};
}

}
