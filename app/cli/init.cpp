// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/named_architecture.h"
#include "app/cli/report.h"
#include "app/cli/train_models.h"

#include "core/io/weights_file.h"
#include "core/tensor/error.h"

namespace fovea::app {

namespace {

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
    requireHdf5Name(output);
    const NamedArchitecture named = namedArchitecture(tool.registry(), what);
    const Architecture& architecture = *named.architecture;
    Answers fields;
    for (const auto& [field, value] : settings(arguments, "set"))
        fields[field] = value;
    const train::Beginning beginning = beginningOf(tool, arguments, named, "from");
    const Config config = configWith(architecture, beginning.config, fields);

    const std::uint64_t seed = arguments.number("seed", 0);
    Weights::Parts parts = freshWeights(architecture, config, seed, tool.stop())->parts();
    parts.preprocess = preprocessOf(architecture, named.preset, config);
    const std::vector<std::string> fresh = beginning.takeInto(parts.parameters, architecture, config);
    if (beginning.weights) {
        parts.preprocess = beginning.weights->parts().preprocess.forSide(
            static_cast<int>(architecture.inputShape(config)[-1]));
        parts.labels = beginning.weights->parts().labels;
    }
    sayFresh(fresh);
    const Weights weights(std::move(parts));
    io::writeWeights(output, weights, io::StoredType::F32, tool.stop());
    if (arguments.has("json"))
        return Tool::printJson({{"file", output}, {"architecture", weights.architecture()},
            {"parameters", weights.parameterCount()}, {"seed", seed}, {"config", Json::parse(config.json())},
            {"fresh", beginning.weights ? Json(fresh) : Json("all")}});
    Tool::print(output + ": " + weights.architecture() + ", " + std::to_string(weights.parameterCount())
        + " parameters, seed " + std::to_string(seed));
}

}
