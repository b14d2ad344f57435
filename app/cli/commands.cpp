// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"

#include "app/cli/report.h"

#include "widgets/session/job.h"

#include "core/io/open_weights.h"
#include "core/tensor/error.h"

#include <QRegularExpression>
#include <QScopeGuard>

#include <algorithm>
#include <new>

namespace fovea::app {

namespace {

constexpr std::uint64_t mostThreads = 256;

/// What every command takes.
std::vector<Option> allOptions(const Command& command)
{
    std::vector<Option> options = command.options;
    options.push_back({{"json"}, "results as JSON"});
    options.push_back({{"plugin-path"}, "a further folder with plugins", "FOLDER", true});
    options.push_back({{"threads"}, "threads of the engine (default 0: all cores)", "N"});
    options.push_back({{"h", "help"}, "this text"});
    return options;
}

/// Words as a paragraph, each line after the first behind `indent` blanks.
QString wrapped(const QString& text, int indent)
{
    constexpr int width = 79;
    QString lines, line;
    for (const QString& word : text.split(' ')) {
        const auto room = width - indent;
        if (!line.isEmpty() && line.size() + 1 + word.size() > room) {
            lines += line + '\n' + QString(indent, ' ');
            line.clear();
        }
        line += (line.isEmpty() ? "" : " ") + word;
    }
    return lines + line;
}

QString helpOnKeys(const std::vector<JsonKey>& keys)
{
    qsizetype column = 0;
    for (const JsonKey& key : keys)
        column = std::max(column, key.name.size() + 4);
    QString text;
    for (const JsonKey& key : keys)
        text += ("  " + key.name).leftJustified(column) + wrapped(key.meaning, static_cast<int>(column))
            + '\n';
    return text;
}

}

const Command* findCommand(const QString& word)
{
    const auto found = std::ranges::find(commands(), word, &Command::name);
    return found == commands().end() ? nullptr : &*found;
}

QString helpOn(const Command& command)
{
    QString text = "usage: fovea " + command.synopsis + "\n\n" + wrapped(command.help, 0) + "\n\n"
        + Arguments::helpOn(allOptions(command)) + "\nExamples:\n";
    for (const QString& example : command.examples)
        text += "  fovea " + example + '\n';
    return text + "\nKeys of --json:\n" + helpOnKeys(command.keys);
}

QString overview()
{
    constexpr int indent = 6;
    QString text = "usage: fovea [FILE...]            open the window\n"
                   "       fovea COMMAND ... --help   what a command takes\n"
                   "       fovea --manual             all of it, as docs/manual/command-line.md\n";
    static const QRegularExpression end("[.:] ");
    for (const Command& command : commands())
        text += "\n  fovea " + command.synopsis + '\n' + QString(indent, ' ')
            + wrapped(command.help.section(end, 0, 0), indent);
    return text + '\n';
}

QString manual()
{
    QString text
        = "# The command line\n\n"
          "`fovea --manual` wrote this page; `fovea COMMAND --help` prints a part of it.\n\n"
          "Without a command `fovea [FILE...]` opens the window. A command needs no display. Results go "
          "to stdout,\nmessages to stderr. A file appears whole or not at all, and never over one that "
          "was read.\n\n"
          "| exit code | meaning |\n|---|---|\n"
          "| 0 | done |\n"
          "| 1 | bad data: the message names the file and the field |\n"
          "| 2 | wrong usage: an option, path, field or name that there is not |\n"
          "| 130 | stopped by Ctrl+C (128 and the number of the signal) |\n\n"
          "With `--json` stdout is one JSON object. NaN and infinity are `null`; f32 numbers have their "
          "shortest decimals.\nIt is printed when the exit code is 0, and by `check` and `info` also "
          "with their findings at 1.\n";
    for (const Command& command : commands())
        text += "\n## fovea " + command.name + "\n\n```\n" + helpOn(command) + "```\n";
    return text;
}

int runCommand(const Command& command, const QStringList& line)
{
    try {
        const Arguments arguments = Arguments::parse(line, allOptions(command), command.words);
        if (arguments.has("help")) {
            Tool::print(helpOn(command).trimmed().toStdString());
            return 0;
        }
        Tool tool(static_cast<int>(arguments.number("threads", 0, 0, mostThreads)));
        const auto jobsEnd = qScopeGuard(&Job::waitForAll); // they use the tool's plugins
        tool.stopOnSignals();
        tool.loadPlugins(arguments.values("plugin-path"));
        for (const auto& [file, message] : tool.pluginFailures())
            Tool::say("fovea: plugin " + file + ": " + message);
        tool.stop().check();
        command.run(tool, arguments);
        return 0;
    } catch (const AnswerError& error) {
        Tool::say(std::string("fovea: --set: ") + error.what());
        return 2;
    } catch (const UsageError& error) {
        Tool::say(std::string("fovea: ") + error.what() + "\nusage: fovea " + command.synopsis.toStdString()
            + "; see --help");
        return 2;
    } catch (const io::OpenQuestions& error) {
        Tool::say("fovea: " + withAdvice(error));
    } catch (const Cancelled&) {
        Tool::say("fovea: stopped");
        return Tool::stoppedCode();
    } catch (const std::bad_alloc&) {
        Tool::say("fovea: out of memory");
    } catch (const std::exception& error) {
        Tool::say(std::string("fovea: ") + error.what());
    }
    return 1;
}

}
