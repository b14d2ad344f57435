// `fovea`: without a subcommand the window, with one the command line.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/window.h"

#include <QApplication>
#include <QFileInfo>
#include <QHashSeed>
#include <QSettings>
#include <QTemporaryDir>

namespace {

constexpr const char* version = "0.1.0";

int showUsage()
{
    using fovea::app::Tool;
    Tool::print("usage: fovea [FILE...]            open the window\n"
                "       fovea COMMAND ... --help   what a command takes\n");
    for (const auto& command : fovea::app::commands())
        Tool::print("  fovea " + command.synopsis.toStdString() + "\n      " + command.help.toStdString());
    return 0;
}

/// Why no window can open on this command line; empty when one can.
std::string noWindow(const QStringList& words)
{
    const QString first = words.value(0);
    if (!first.isEmpty() && !first.startsWith('-') && !QFileInfo::exists(first))
        return "'" + first.toStdString() + "' is neither a command nor a file; see fovea --help";
    const bool hasPlatform = words.contains("-platform") || words.contains("--platform");
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        if (hasPlatform || !qEnvironmentVariableIsEmpty(name))
            return {};
    return "there is no display to open a window on; see fovea --help for what needs none";
}

}

int main(int argc, char** argv)
{
    QHashSeed::setDeterministicGlobalSeed(); // a figure's bytes must not depend on the process
    QCoreApplication::setApplicationName("fovea");
    QCoreApplication::setOrganizationName("fovea");
    QCoreApplication::setApplicationVersion(version);
    QStringList words;
    for (int i = 1; i < argc; ++i)
        words.append(QString::fromLocal8Bit(argv[i]));
    const QString word = words.value(0);
    if (word == "--help" || word == "-h" || word == "help")
        return showUsage();
    if (word == "--version") {
        fovea::app::Tool::print(std::string("fovea ") + version);
        return 0;
    }
    const fovea::app::Command* command = fovea::app::findCommand(word);
    if (command && !command->paints) {
        QCoreApplication application(argc, argv);
        return fovea::app::runCommand(*command, QCoreApplication::arguments().mid(1));
    }
    if (command)
        qputenv("QT_QPA_PLATFORM", "offscreen"); // the same bytes with and without a display
    else if (const std::string problem = noWindow(words); !problem.empty()) {
        fovea::app::Tool::say("fovea: " + problem);
        return 2;
    }
    QApplication application(argc, argv);
    const QTemporaryDir scratch; // a command neither reads nor changes what the window remembers
    if (command)
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, scratch.path());
    if (command)
        return fovea::app::runCommand(*command, QCoreApplication::arguments().mid(1));
    return fovea::app::runWindow(QCoreApplication::arguments().mid(1));
}
