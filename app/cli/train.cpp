// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/named_architecture.h"
#include "app/cli/report.h"
#include "app/cli/train_meter.h"
#include "app/cli/train_models.h"
#include "app/picture_file.h"

#include "core/io/atomic_file.h"
#include "core/source/execute.h"
#include "core/tensor/error.h"
#include "core/train/data_hash.h"

#include <algorithm>
#include <filesystem>

namespace fovea::app {

namespace {

bool isOfAugment(const Field& field)
{
    return field.name == "pad" || field.name == "flip" || field.name == "erase";
}

/// What --augment says: pad=2,flip,erase=0.25.
void readAugment(Config& settings, const std::string& text)
{
    for (const QString& word : QString::fromStdString(text).split(',')) {
        const std::string name = word.section('=', 0, 0).toStdString();
        const Field* field = findField(settings.schema(), name);
        if (!field || !isOfAugment(*field))
            throw UsageError("--augment: expected some of pad=N, flip and erase=SHARE, found '"
                + word.toStdString() + "'");
        setField(settings, "augment", name, word.contains('=') ? word.section('=', 1).toStdString() : "true");
    }
}

Config settingsOf(const Arguments& arguments)
{
    Config settings(train::trainingSchema());
    for (const Field& field : train::trainingSchema())
        if (const QString option = optionOf(field); !isOfAugment(field) && arguments.has(option)) {
            const bool isSwitch = std::holds_alternative<bool>(field.standard);
            setField(settings, option.toStdString(), field.name, isSwitch ? "true" : arguments.value(option));
        }
    if (arguments.has("augment"))
        readAugment(settings, arguments.value("augment"));
    if (arguments.has("epochs") && arguments.has("steps"))
        throw UsageError("expected --epochs or --steps, found both");
    return settings;
}

/// A word as a shell takes it.
std::string quoted(const std::string& word)
{
    const auto isPlain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || std::string_view("-_=.,:/+").find(c) != std::string_view::npos;
    };
    if (!word.empty() && std::ranges::all_of(word, isPlain))
        return word;
    std::string text = "'";
    for (const char c : word)
        text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

/// The line that makes the same weights again: without what does not change them.
std::string commandOf(const Arguments& arguments)
{
    const QStringList without{"output", "checkpoint-every", "restart", "json", "threads", "plugin-path"};
    std::string line = "fovea train " + quoted(arguments.positional.value(0).toStdString());
    for (const Option& option : findCommand("train")->options)
        if (const QString name = option.names.last(); arguments.has(name) && !without.contains(name))
            for (const std::string& value : arguments.values(name))
                line += " --" + name.toStdString() + (option.value.isEmpty() ? "" : " " + quoted(value));
    return line;
}

io::StoredType storedType(const Arguments& arguments)
{
    const std::string name = arguments.value("store", "f32");
    const auto type = io::storedTypeNamed(name);
    if (type != io::StoredType::F32 && type != io::StoredType::F16 && type != io::StoredType::BF16)
        throw UsageError("--store: expected f32, f16 or bf16, found '" + name + "'");
    return *type;
}

train::TrainingTask taskOf(
    Tool& tool, const Arguments& arguments, const NamedArchitecture& named, const train::Beginning& beginning)
{
    Answers fields;
    for (const auto& [field, value] : settings(arguments, "set"))
        fields[field] = value;
    train::OpenDataOptions opening;
    opening.decoder = readPicture;
    opening.stop = tool.stop();
    const auto data = train::openDataSet(arguments.value("data"), opening);
    train::TrainingTask task{named.architecture,
        fittedConfig(*named.architecture, beginning.config, *data, fields), {}, data,
        train::TrainingSettings(settingsOf(arguments)), arguments.number("seed", 0),
        teacherOf(tool, arguments)};
    task.preprocess = train::measurePreprocess(*tool.pool(), *data, tool.stop());
    if (beginning.weights) {
        task.preprocess.mean = beginning.weights->parts().preprocess.mean;
        task.preprocess.std = beginning.weights->parts().preprocess.std;
    }
    return task;
}

train::TrainingFiles filesOf(const Arguments& arguments)
{
    train::TrainingFiles files;
    files.output = arguments.value("output");
    if (files.output.empty())
        throw UsageError("train: expected -o FILE");
    if (!arguments.has("data"))
        throw UsageError("train: expected --data");
    requireOther(
        files.output, {arguments.value("data"), arguments.value("init"), arguments.value("teacher")});
    requireOther(files.checkpoint(), {arguments.value("init"), arguments.value("teacher")});
    files.type = storedType(arguments);
    files.checkpointEvery = static_cast<Index>(arguments.number("checkpoint-every", 0, 0, 1'000'000'000));
    files.provenance = {commandOf(arguments), arguments.value("data"), settingsOf(arguments).json(), {}, {}};
    return files;
}

/// Trains. Where that diverges, the message names the way on.
train::Trained trained(const train::Trainer& trainer, train::TrainState state,
    const train::TrainingFiles& files, const train::StepMeans& means, TrainMeter& meter)
{
    try {
        return train::train(trainer, std::move(state), files, means,
            {[&](const train::StepResult& result) { meter.addStep(result); },
                [&](const train::EpochRow& row) { meter.addEpoch(row); }});
    } catch (const train::Diverged& error) {
        const std::string kept = files.checkpoint();
        throw Error(std::string(error.what())
            + (std::filesystem::exists(kept)
                    ? "; to go on from it, give another --lr, another -o and --init " + quoted(kept)
                    : "; begin anew with another --lr"));
    }
}

/// The checkpoint's. Where it is of another training, the message names the way on.
train::TrainState stateIn(
    const train::TrainingFiles& files, const train::Trainer& trainer, const Registry& registry)
{
    try {
        return readState(trainer, files, registry);
    } catch (const Error& error) {
        throw Error(std::string(error.what()) + "; --restart begins anew");
    }
}

/// The checkpoint's, where there is one, or the beginning.
train::TrainState stateOf(const Tool& tool, const Arguments& arguments, const train::Trainer& trainer,
    const train::TrainingFiles& files, const train::Beginning& beginning)
{
    if (std::filesystem::exists(files.checkpoint()) && !arguments.has("restart")) {
        train::TrainState state = stateIn(files, trainer, tool.registry());
        Tool::say("fovea: goes on after step " + std::to_string(state.step) + " of "
            + std::to_string(trainer.steps()) + " (" + files.checkpoint() + ")");
        return state;
    }
    train::TrainState state = trainer.start(tool.stop());
    sayFresh(beginning.takeInto(state.parameters, *trainer.task().architecture, trainer.task().config));
    return state;
}

Json resultOf(const train::Trainer& trainer, const train::Trained& trained, const train::TrainingFiles& files,
    const TrainMeter& meter)
{
    return {{"file", files.output}, {"architecture", trained.weights->architecture()},
        {"parameters", trained.weights->parameterCount()},
        {"macs", multiplyAccumulates(*trainer.task().architecture, *trained.weights)},
        {"seed", trainer.task().seed}, {"config", Json::parse(trained.weights->config().json())},
        {"settings", Json::parse(files.provenance.settings)}, {"command", files.provenance.command},
        {"steps", trained.steps}, {"test", jsonOf(*trainer.task().data, trained.test)},
        {"epochs", meter.epochs()}, {"samples_per_second", meter.samplesPerSecond()}};
}

}

std::vector<Option> optionsOf(const Schema& schema)
{
    std::vector<Option> options;
    for (const Field& field : schema) {
        if (isOfAugment(field))
            continue;
        const bool isSwitch = std::holds_alternative<bool>(field.standard);
        const QString usual = QString::fromStdString(fovea::textOf(field.standard));
        const QString standard = isSwitch || usual.isEmpty() ? QString() : " (default " + usual + ")";
        QString choices;
        for (const std::string& choice : field.choices)
            choices += (choices.isEmpty() ? ": " : ", ") + QString::fromStdString(choice);
        const QString value = isSwitch                             ? QString()
            : std::holds_alternative<std::int64_t>(field.standard) ? "N"
            : std::holds_alternative<double>(field.standard)       ? "X"
                                                                   : "WORD";
        options.push_back(
            {{optionOf(field)}, QString::fromStdString(field.help) + choices + standard, value});
    }
    return options;
}

void runTrain(Tool& tool, const Arguments& arguments)
{
    const NamedArchitecture named
        = namedArchitecture(tool.registry(), arguments.required(0, "an architecture, as in vit:micro"));
    train::TrainingFiles files = filesOf(arguments);
    const train::Beginning beginning = beginningOf(tool, arguments, named, "init");
    files.provenance.init = beginning.hash();
    const train::Trainer trainer(taskOf(tool, arguments, named, beginning));
    if (const std::string& note = trainer.task().data->info().note; !note.empty())
        Tool::say("fovea: " + note);
    files.provenance.dataHash = sha256(*trainer.task().data);
    for (const std::string& file : {files.output, files.checkpoint()})
        const io::AtomicFile canBeWritten(file); // rather now than after hours

    train::TrainState state = stateOf(tool, arguments, trainer, files, beginning);
    TrainMeter meter(trainer, state.step);
    train::StepMeans means;
    means.pool = tool.pool();
    means.stop = tool.stop();
    const train::Trained done = trained(trainer, std::move(state), files, means, meter);
    if (arguments.has("json"))
        return Tool::printJson(resultOf(trainer, done, files, meter));
    Tool::print(files.output + ": " + done.weights->architecture() + ", "
        + std::to_string(done.weights->parameterCount()) + " parameters, " + std::to_string(done.steps)
        + " steps, " + testText(*trainer.task().data, done.test));
}

}
