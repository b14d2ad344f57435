// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"

#include "core/tensor/error.h"

#include <algorithm>
#include <new>

namespace fovea::app {

namespace {

const Option outputOption{{"o", "output"}, "file to write", "FILE"};
const Option setOption{
    {"set"}, "a config field that differs from its default; may be repeated", "FIELD=VALUE"};
const Option editOption{
    {"edit"}, "path[=verb[:args]], as in blocks.3.attn.head.1=off; may be repeated", "EDIT"};

/// What every command takes.
std::vector<Option> withCommon(std::vector<Option> options)
{
    options.push_back({{"json"}, "results as JSON"});
    options.push_back({{"plugin-path"}, "a further folder with plugins; may be repeated", "FOLDER"});
    options.push_back({{"threads"}, "threads of the engine (default: all cores)", "N"});
    return options;
}

}

const std::vector<Command>& commands()
{
    static const std::vector<Command> table{
        {"info", "info FILE", "What a weights, trace, session or foreign file holds.", {}, runInfo},
        {"list", "list", "Architectures with their presets, labs and sample inputs.", {}, runList},
        {"init", "init ARCH[:PRESET] -o W.h5", "Fresh weights: the same seed gives the same bytes.",
            {outputOption, setOption, {{"seed"}, "default 0", "N"}}, runInit},
        {"run", "run W.h5 INPUT [-o TRACE.h5]",
            "Runs a model on a picture, or on a tensor (.npy, .h5) as it is.",
            {outputOption, setOption, editOption,
                {{"probe"}, "signals to record (default all); may be repeated", "PATTERN"},
                {{"patch"}, "a trace that edits may name, as in =patch:B; may be repeated", "NAME=TRACE.h5"},
                {{"method"}, "a map to add to the trace: rollout", "METHOD"}},
            runRun},
        {"figure", "figure NAME --model W.h5 --input X -o OUT.pdf, or figure RECIPE.json [-o OUT.pdf]",
            "A figure as PDF, SVG or PNG, the same bytes as the window exports.",
            {outputOption, editOption, {{"model"}, "weights", "W.h5"}, {{"input"}, "picture or tensor", "X"},
                {{"width"}, "default 3.25in", "LENGTH"},
                {{"height"}, "default: what the view needs", "LENGTH"},
                {{"dpi"}, "of maps and PNG, default 300", "N"},
                {{"option"}, "a setting of the view; may be repeated", "NAME=VALUE"}},
            runFigure, true},
        {"check", "check [PLUGIN] [W.h5]", "The plugin contract; parity with the reference a file brings.",
            {}, runCheck},
        {"convert", "convert IN OUT.h5", "state_dict dumps (.h5, .safetensors) to the weights format.",
            {setOption, {{"map"}, "a name map of your own", "NAMES.json"},
                {{"type"}, "f32, f16 or bf16 (default f32)", "TYPE"}},
            runConvert},
        {"tour", "tour [-o FOLDER]", "Renders the program to PNG and PDF files, without a display.",
            {outputOption}, runTour, true},
    };
    return table;
}

const Command* findCommand(const QString& word)
{
    const auto found = std::ranges::find(commands(), word, &Command::name);
    return found == commands().end() ? nullptr : &*found;
}

int runCommand(const Command& command, const QStringList& line)
{
    try {
        Arguments arguments;
        if (!Arguments::parse(
                line, "fovea " + command.synopsis, command.help, withCommon(command.options), arguments))
            return 0;
        Tool tool(static_cast<int>(arguments.number("threads", 0)));
        tool.loadPlugins(arguments.values("plugin-path"));
        for (const auto& [file, message] : tool.pluginFailures())
            Tool::say("fovea: plugin " + file + ": " + message);
        command.run(tool, arguments);
        return 0;
    } catch (const UsageError& error) {
        Tool::say(std::string("fovea: ") + error.what());
        return 2;
    } catch (const Cancelled&) {
        Tool::say("fovea: stopped");
    } catch (const std::bad_alloc&) {
        Tool::say("fovea: out of memory");
    } catch (const std::exception& error) {
        Tool::say(std::string("fovea: ") + error.what());
    }
    return 1;
}

}
