// `fovea`: without a subcommand the window, with one the command line.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/window.h"

#include "core/tensor/nearest.h"

#include <QApplication>
#include <QFileInfo>
#include <QHashSeed>
#include <QLoggingCategory>
#include <QSettings>
#include <QTemporaryDir>

#include <csignal>
#include <cstdlib>

namespace {

constexpr const char* version = "0.1.0";
constexpr const char* displayVariables[] = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"};
constexpr const char* advice = "commands need no display, see fovea --help";

int refuse(int code, const std::string& problem)
{
    fovea::app::Tool::say("fovea: " + problem);
    return code;
}

/// Where a window would go: "DISPLAY=':0'"; empty: nowhere.
std::string displays()
{
    std::string all;
    for (const char* name : displayVariables)
        if (!qEnvironmentVariableIsEmpty(name))
            all += (all.empty() ? "" : ", ") + std::string(name) + "='" + qgetenv(name).toStdString() + "'";
    return all;
}

/// Whether QApplication takes a word for itself, as in -style=fusion.
bool isQtOption(const QString& word)
{
    static const QStringList names{"platform", "platformpluginpath", "platformtheme", "plugin", "dialogs",
        "qwindowgeometry", "qwindowicon", "qwindowtitle", "reverse", "session", "display", "geometry",
        "style", "stylesheet", "fontengine"};
    return names.contains(word.section('=', 0, 0).mid(word.startsWith("--") ? 2 : 1));
}

/// A word that is neither a command nor a file; 0 when there is none.
int checkWord(const QStringList& words)
{
    const QString first = words.value(0);
    if (words.isEmpty() || QFileInfo::exists(first))
        return 0;
    if (first.startsWith('-'))
        return isQtOption(first)
            ? 0
            : refuse(2, "there is no option '" + first.toStdString() + "'; see fovea --help");
    std::vector<std::string> names;
    for (const auto& command : fovea::app::commands())
        names.push_back(command.name.toStdString());
    const std::string word = first.toStdString();
    return refuse(2,
        "'" + word + "' is neither a command nor a file" + fovea::nearest(word, names)
            + "; see fovea --help");
}

/// While the application starts, Qt ends the program when it cannot reach the display. This says why.
void onQtMessage(QtMsgType type, const QMessageLogContext&, const QString&)
{
    if (type == QtFatalMsg)
        std::_Exit(refuse(1, "no window can be opened with " + displays() + "; " + advice));
}

int openWindow(int argc, char** argv, const QStringList& words)
{
    if (const int code = checkWord(words))
        return code;
    if (displays().empty() && !words.contains("-platform") && !words.contains("--platform"))
        return refuse(
            1, std::string("there is no display to open a window on (DISPLAY is not set); ") + advice);
    const QtMessageHandler usual = qInstallMessageHandler(onQtMessage);
    QApplication application(argc, argv);
    qInstallMessageHandler(usual);
    return fovea::app::runWindow(QCoreApplication::arguments().mid(1));
}

int runCommand(int argc, char** argv, const fovea::app::Command& command)
{
    // Qt's own remarks are for its developers; QT_LOGGING_RULES brings them back
    QLoggingCategory::setFilterRules("*.debug=false\n*.info=false\n*.warning=false");
    if (!command.paints) {
        QCoreApplication application(argc, argv);
        return fovea::app::runCommand(command, QCoreApplication::arguments().mid(1));
    }
    qputenv("QT_QPA_PLATFORM", "offscreen"); // the same bytes with and without a display
    QApplication application(argc, argv);
    const QTemporaryDir scratch; // a command neither reads nor changes what the window remembers
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, scratch.path());
    return fovea::app::runCommand(command, QCoreApplication::arguments().mid(1));
}

}

int main(int argc, char** argv)
{
    using fovea::app::Tool;
    Tool::catchSignals(); // first of all: a command that is stopped says so itself
    std::signal(SIGXFSZ, SIG_IGN); // a file that grew too large is an error of writing, with a name
    QHashSeed::setDeterministicGlobalSeed(); // a figure's bytes must not depend on the process
    QCoreApplication::setApplicationName("fovea");
    QCoreApplication::setOrganizationName("fovea");
    QCoreApplication::setApplicationVersion(version);
    QStringList words;
    for (int i = 1; i < argc; ++i)
        words.append(QString::fromLocal8Bit(argv[i]));
    const QString word = words.value(0);
    const bool isHelp = word == "--help" || word == "-h" || word == "help";
    if (isHelp || word == "--manual" || word == "--version") {
        const QString text = isHelp ? fovea::app::overview()
            : word == "--manual"    ? fovea::app::manual()
                                    : QStringLiteral("fovea ") + version;
        Tool::print(text.trimmed().toStdString());
        return 0;
    }
    if (const fovea::app::Command* command = fovea::app::findCommand(word))
        return runCommand(argc, argv, *command);
    Tool::leaveSignals(); // a window has nothing to tidy
    return openWindow(argc, argv, words);
}
