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

train::Beginning beginningOf(
    const Tool& tool, const Arguments& arguments, const NamedArchitecture& named, const QString& option)
{
    if (!arguments.has(option))
        return {{}, named.config};
    Config wanted = named.config; // a field that the file knows nothing of may have to fit it
    for (const auto& [field, value] : settings(arguments, "set"))
        if (findField(wanted.schema(), field))
            setField(wanted, "set", field, value);
    train::Beginning beginning = train::beginFrom(
        arguments.value(option), tool.registry(), *named.architecture, wanted, tool.stop());
    const bool isSame = beginning.weights->architecture() == named.architecture->identity().id;
    if (isSame && !named.preset.empty())
        throw UsageError("--" + option.toStdString() + ": expected an architecture without a preset, found '"
            + named.preset + "'");
    return beginning;
}

void sayFresh(const std::vector<std::string>& fresh)
{
    std::string names;
    for (const std::string& name : fresh)
        names += (names.empty() ? "" : ", ") + name;
    if (!fresh.empty())
        Tool::say("fovea: begun afresh, since the file has no such tensor of that shape: " + names);
}

}
