// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"

#include "widgets/session/display.h"

#include "core/tensor/error.h"

#include <algorithm>
#include <new>

namespace fovea::app {

namespace {

const Option outputOption{{"o", "output"}, "file to write", "FILE"};
const Option setOption{{"set"},
    "a config field that differs from the default or the file, or that a foreign file does not tell; "
    "may be repeated",
    "FIELD=VALUE"};
const Option editOption{{"edit"},
    "path[=verb[:args]], as in blocks.3.attn.head.1=off; a path is a block or a signal, indices after it; "
    "verbs: "
    "off, mean, scale:F, set:F, cut[:renorm], patch:NAME; may be repeated",
    "EDIT"};

constexpr std::uint64_t mostThreads = 256;

QString displayFields()
{
    QStringList names;
    for (const Field& field : displaySchema())
        names.append(QString::fromStdString(field.name));
    return names.join(", ");
}

/// What every command takes.
std::vector<Option> withCommon(std::vector<Option> options)
{
    options.push_back({{"json"}, "results as JSON"});
    options.push_back({{"plugin-path"}, "a further folder with plugins; may be repeated", "FOLDER"});
    options.push_back({{"threads"}, "threads of the engine (default 0: all cores)", "N"});
    options.push_back({{"h", "help"}, "this text"});
    return options;
}

}

const std::vector<Command>& commands()
{
    static const std::vector<Command> table{
        {"info", "info FILE", "What a weights, trace, session or foreign file holds.", 1, {setOption},
            runInfo},
        {"list", "list", "Architectures with their presets, labs and sample inputs.", 0, {}, runList},
        {"init", "init ARCH[:PRESET] -o W.h5", "Fresh weights: the same seed gives the same bytes.", 1,
            {outputOption, setOption, {{"seed"}, "default 0", "N"}}, runInit},
        {"run", "run W.h5 INPUT [-o TRACE.h5]",
            "Runs a model on a picture, or on a tensor (.npy, .h5) as it is.", 2,
            {outputOption, setOption, editOption,
                {{"probe"}, "signals to record (default all); may be repeated", "PATTERN"},
                {{"patch"}, "a trace that edits may name, as in =patch:B; may be repeated", "NAME=TRACE.h5"},
                {{"method"}, "a map to add to the trace: rollout", "METHOD"}},
            runRun},
        {"figure", "figure NAME --model W.h5 --input X -o OUT.pdf, or figure RECIPE.json [-o OUT.pdf]",
            "A figure as PDF, SVG or PNG, the same bytes as the window exports. NAME is one of\n"
                + figureNames() + ".",
            1,
            {outputOption, editOption, setOption, {{"model"}, "weights", "W.h5"},
                {{"input"}, "picture or tensor", "X"}, {{"width"}, "default 3.25in", "LENGTH"},
                {{"height"}, "default: what the view needs", "LENGTH"},
                {{"dpi"}, "of maps and PNG, default 300", "N"},
                {{"option"},
                    "layer, head, query, key (cls, or row,column), or one of " + displayFields()
                        + "; may be repeated",
                    "NAME=VALUE"}},
            runFigure, true},
        {"check", "check [PLUGIN] [W.h5]", "The plugin contract; parity with the reference a file brings.", 2,
            {setOption}, runCheck},
        {"convert", "convert IN OUT.h5", "state_dict dumps (.h5, .safetensors) to the weights format.", 2,
            {setOption, {{"map"}, "a name map of your own", "NAMES.json"},
                {{"type"}, "f32, f16 or bf16 (default f32)", "TYPE"}},
            runConvert},
        {"tour", "tour [-o FOLDER]", "Renders the program to PNG and PDF files, without a display.", 0,
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
    const QString usage = "usage: fovea " + command.synopsis;
    try {
        const std::vector<Option> options = withCommon(command.options);
        const Arguments arguments = Arguments::parse(line, options, command.words);
        if (arguments.has("help")) {
            Tool::print((usage + "\n\n" + command.help + "\n\n" + Arguments::helpOn(options)).toStdString());
            return 0;
        }
        Tool tool(static_cast<int>(arguments.number("threads", 0, 0, mostThreads)));
        tool.loadPlugins(arguments.values("plugin-path"));
        for (const auto& [file, message] : tool.pluginFailures())
            Tool::say("fovea: plugin " + file + ": " + message);
        command.run(tool, arguments);
        return 0;
    } catch (const UsageError& error) {
        Tool::say(std::string("fovea: ") + error.what() + "\n" + usage.toStdString() + "; see --help");
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
