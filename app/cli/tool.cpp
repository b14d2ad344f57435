// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/tool.h"

#include "app/picture_file.h"
#include "app/plugin_host.h"

#include "core/tensor/error.h"
#include "core/tensor/nearest.h"
#include "core/train/training_lab.h"

#include <QCommandLineParser>

#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <utility>

namespace fovea::app {

namespace {

/// What a signal stops: its handler has no other way to a command's work.
const StopToken& stopOfThisProcess()
{
    static const StopToken stop;
    return stop;
}

volatile std::sig_atomic_t signalCaught = 0;

void onInterrupt(int signal)
{
    signalCaught = signal;
    stopOfThisProcess().stop();
}

bool isBarShown = false;

void removeBar()
{
    if (std::exchange(isBarShown, false))
        std::fputs("\r\033[K", stderr);
}

void addTo(QCommandLineParser& parser, const std::vector<Option>& options)
{
    for (const Option& option : options)
        parser.addOption(QCommandLineOption(
            option.names, option.help + (option.repeats ? "; may be repeated" : ""), option.value));
}

[[noreturn]] void refuseUnknown(const QCommandLineParser& parser, const std::vector<Option>& options)
{
    const QStringList unknown = parser.unknownOptionNames();
    if (unknown.isEmpty())
        throw UsageError(parser.errorText().toStdString());
    std::vector<std::string> known;
    for (const Option& option : options)
        known.push_back("--" + option.names.last().toStdString());
    const std::string word = (unknown.first().size() == 1 ? "-" : "--") + unknown.first().toStdString();
    throw UsageError("unknown option '" + word + "'" + nearest(word, known));
}

}

Arguments Arguments::parse(const QStringList& line, const std::vector<Option>& options, int words)
{
    QCommandLineParser parser;
    addTo(parser, options);
    if (!parser.parse(line))
        refuseUnknown(parser, options);
    Arguments result;
    result.positional = parser.positionalArguments();
    if (result.positional.size() > words)
        throw UsageError("expected nothing after '"
            + result.positional.value(words - 1, line.value(0)).toStdString() + "', found '"
            + result.positional[words].toStdString() + "'");
    if (result.positional.contains(QString()))
        throw UsageError("expected a word, found ''");
    for (const Option& option : options) {
        const QString name = option.names.last();
        if (!parser.isSet(name))
            continue;
        const QStringList values = parser.values(name);
        if (values.size() > 1 && !option.repeats)
            throw UsageError("--" + name.toStdString() + ": expected once, found '"
                + values.join("' and '").toStdString() + "'");
        if (values.contains(QString()))
            throw UsageError(
                "--" + name.toStdString() + ": expected " + option.value.toStdString() + ", found ''");
        result.values_[name] = values;
    }
    return result;
}

QString Arguments::helpOn(const std::vector<Option>& options)
{
    QCommandLineParser parser;
    addTo(parser, options);
    return parser.helpText().section('\n', 2); // its own line of usage knows of no subcommand
}

std::string Arguments::value(const QString& name, const std::string& otherwise) const
{
    return has(name) ? values_[name].last().toStdString() : otherwise;
}

std::vector<std::string> Arguments::values(const QString& name) const
{
    std::vector<std::string> all;
    for (const QString& value : values_.value(name))
        all.push_back(value.toStdString());
    return all;
}

std::string Arguments::required(int index, const char* what) const
{
    if (index >= positional.size())
        throw UsageError(std::string("expected ") + what);
    return positional[index].toStdString();
}

std::uint64_t Arguments::number(
    const QString& name, std::uint64_t otherwise, std::uint64_t least, std::uint64_t most) const
{
    if (!has(name))
        return otherwise;
    bool fine = false;
    const std::uint64_t n = values_[name].last().toULongLong(&fine);
    if (!fine || n < least || n > most)
        throw UsageError("--" + name.toStdString() + ": expected a whole number from " + std::to_string(least)
            + " to " + std::to_string(most) + ", found '" + value(name) + "'");
    return n;
}

Tool::Tool(int threads)
    : pool_(std::make_shared<Pool>(threads))
{
}

void Tool::catchSignals()
{
    stopOfThisProcess(); // made before a handler asks for it
    struct sigaction action { };
    action.sa_handler = onInterrupt;
    action.sa_flags = static_cast<int>(SA_RESETHAND); // a second Ctrl+C ends the program at once
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

void Tool::loadPlugins(const std::vector<std::string>& extraFolders)
{
    for (const std::string& folder : extraFolders)
        if (!std::filesystem::is_directory(folder))
            throw UsageError("--plugin-path: '" + folder + "' is no folder");
    const PluginReport report
        = app::loadPlugins(registry_, pluginFolders({extraFolders.begin(), extraFolders.end()}));
    train::addTrainingLab(registry_, {[](const std::string& path) { return readPicture(path); }, stop_});
    for (const PluginReport::Failure& failure : report.failures)
        failures_.push_back({failure.file, failure.message});
}

void Tool::leaveSignals()
{
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    if (signalCaught)
        std::raise(signalCaught);
}

void Tool::stopOnSignals() { stop_ = stopOfThisProcess(); }

int Tool::stoppedCode() { return 128 + signalCaught; }

void Tool::say(const std::string& text)
{
    removeBar();
    std::fprintf(stderr, "%s\n", text.c_str());
}

void Tool::print(const std::string& text) { std::fprintf(stdout, "%s\n", text.c_str()); }
void Tool::printJson(const Json& json)
{
    print(json.dump(2, ' ', false, Json::error_handler_t::replace)); // names in files may be any bytes
}

void Tool::progress(double share)
{
    if (!isOnTerminal())
        return;
    if (share >= 1)
        return removeBar();
    constexpr int width = 32;
    const int full = static_cast<int>(std::lround(share * width));
    std::fprintf(stderr, "\r[%s%s] %3.0f %%", std::string(static_cast<std::size_t>(full), '=').c_str(),
        std::string(static_cast<std::size_t>(width - full), ' ').c_str(), 100 * share);
    isBarShown = true;
}

bool Tool::isOnTerminal() { return isatty(STDERR_FILENO); }

void Tool::status(const std::string& text)
{
    if (!isOnTerminal())
        return say(text);
    std::fprintf(stderr, "\r%s\033[K", text.c_str());
    isBarShown = true;
}

}
