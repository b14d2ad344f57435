// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/train_models.h"

#include "app/cli/commands.h"
#include "app/cli/report.h"

#include "core/io/open_weights.h"
#include "core/tensor/error.h"

namespace fovea::app {

namespace {

WeightsPtr openTrained(const Tool& tool, const std::string& path)
{
    const io::OpenedWeights opened = io::openWeights(path, tool.registry(), {{}, {}, tool.stop()});
    requireFinite(path, opened.report);
    return opened.weights;
}

}

QString optionOf(const Field& field) { return QString::fromStdString(field.name).replace('_', '-'); }

train::Teacher teacherOf(const Tool& tool, const Arguments& arguments)
{
    Config numbers(train::teacherSchema());
    for (const Field& field : train::teacherSchema())
        if (const QString option = optionOf(field); arguments.has(option)) {
            if (!arguments.has("teacher"))
                throw UsageError("--" + option.toStdString() + ": expected with --teacher, found none");
            setField(numbers, option.toStdString(), field.name, arguments.value(option));
        }
    if (!arguments.has("teacher"))
        return {};
    const WeightsPtr weights = openTrained(tool, arguments.value("teacher"));
    return {&tool.registry().requireArchitecture(weights->architecture()), weights,
        numbers.real("teacher_share"), numbers.real("temperature"), arguments.value("teacher")};
}

Beginning beginningOf(const Tool& tool, const Arguments& arguments, const NamedArchitecture& named)
{
    if (!arguments.has("init"))
        return {};
    const std::string path = arguments.value("init");
    if (!named.preset.empty())
        throw UsageError("--init: expected an architecture without a preset, found '" + named.preset + "'");
    const WeightsPtr weights = openTrained(tool, path);
    if (const std::string id = named.architecture->identity().id; weights->architecture() != id)
        throw Error(path, "expected weights of '" + id + "', found '" + weights->architecture() + "'");
    return {weights};
}

void takeParameters(train::TrainState& state, const Beginning& beginning, const train::TrainingTask& task)
{
    if (!beginning.weights)
        return;
    const NamedTensors given = task.architecture->resized(
        beginning.weights->config(), task.config, beginning.weights->parts().parameters);
    std::string fresh;
    NamedTensors parameters;
    for (const auto& [name, value] : state.parameters) {
        const Tensor* found = given.find(name);
        const bool fits = found && found->shape() == value.shape();
        parameters.set(name, fits ? *found : value);
        if (!fits)
            fresh += (fresh.empty() ? "" : ", ") + name;
    }
    state.parameters = parameters;
    if (!fresh.empty())
        Tool::say("fovea: begun afresh, since their shapes differ: " + fresh);
}

}
