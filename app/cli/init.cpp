// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/report.h"

#include "core/io/weights_file.h"
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

/// The preset's preprocessing, fitted to the config's input size.
Preprocess preprocessOf(const Architecture& architecture, const std::string& presetName, const Config& config)
{
    const auto presets = architecture.presets();
    const Preset* preset = findPreset(presets, presetName);
    const Preprocess preprocess = preset ? preset->preprocess : Preprocess{};
    return preprocess.forSide(static_cast<int>(architecture.inputShape(config)[-1]));
}

}

void runInit(Tool& tool, const Arguments& arguments)
{
    const std::string what = arguments.required(0, "an architecture, as in vit:deit_tiny_patch16_224");
    const std::string output = arguments.value("output");
    if (output.empty())
        throw UsageError("init: expected -o FILE");
    const auto colon = what.find(':');
    const std::string preset = colon == std::string::npos ? "" : what.substr(colon + 1);
    const Architecture& architecture = architectureNamed(tool.registry(), what.substr(0, colon));
    Answers fields;
    for (const auto& [field, value] : settings(arguments, "set"))
        fields[field] = value;
    const Config config = configWith(architecture, configNamed(architecture, preset), fields);

    const std::uint64_t seed = arguments.number("seed", 0);
    Weights::Parts parts = freshWeights(architecture, config, seed, tool.stop())->parts();
    parts.preprocess = preprocessOf(architecture, preset, config);
    const Weights weights(std::move(parts));
    io::writeWeights(output, weights, io::StoredType::F32, tool.stop());
    if (arguments.has("json"))
        return Tool::printJson({{"file", output}, {"architecture", weights.architecture()},
            {"parameters", weights.parameterCount()}, {"seed", seed},
            {"config", Json::parse(config.json())}});
    Tool::print(output + ": " + weights.architecture() + ", " + std::to_string(weights.parameterCount())
        + " parameters, seed " + std::to_string(seed));
}

}
