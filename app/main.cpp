// `fovea`: without a subcommand the window, with one the command line.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/window.h"

#include <QApplication>
#include <QHashSeed>

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

}

int main(int argc, char** argv)
{
    QHashSeed::setDeterministicGlobalSeed(); // a figure's bytes must not depend on the process
    QCoreApplication::setApplicationName("fovea");
    QCoreApplication::setOrganizationName("fovea");
    QCoreApplication::setApplicationVersion(version);
    const QString word = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QString();
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
    QApplication application(argc, argv);
    if (command)
        return fovea::app::runCommand(*command, QCoreApplication::arguments().mid(1));
    return fovea::app::runWindow(QCoreApplication::arguments().mid(1));
}
