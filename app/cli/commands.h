// The subcommands of `fovea`, one function each, in one table. What they say of themselves stands in
// command_files.cpp and command_runs.cpp.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/tool.h"

namespace fovea::app {

/// A key of what `--json` prints, and what it holds.
struct JsonKey {
    QString name, meaning;
};

struct Command {
    QString name;
    QString synopsis; ///< after "fovea "
    QString help;
    int words; ///< positional arguments, at most
    std::vector<Option> options; ///< besides those of every command
    QStringList examples; ///< after "fovea "
    std::vector<JsonKey> keys;
    void (*run)(Tool&, const Arguments&);
    bool paints = false; ///< needs fonts and widgets, on the offscreen platform
};

const std::vector<Command>& commands();
/// What `fovea figure` can draw: "overlay", "head-grid", ...
std::vector<std::string> figureNames();
/// What its --option says: all that a selection and the display settings hold, query and key as tokens.
const Schema& figureOptions();
/// An option for each field of a training's settings, but for the augmentations.
std::vector<Option> optionsOf(const Schema& schema);
/// nullptr when the word names no command.
const Command* findCommand(const QString& word);
/// What `fovea COMMAND --help` prints.
QString helpOn(const Command& command);
/// What `fovea --help` prints: each command and the first thing that is said of it.
QString overview();
/// docs/manual/command-line.md: the help on all commands.
QString manual();

/// Runs `line` (the command's name first). 0; 1: bad data; 2: bad usage; 128 + n: stopped by signal n.
/// Messages go to stderr.
int runCommand(const Command& command, const QStringList& line);

void runInfo(Tool& tool, const Arguments& arguments);
void runList(Tool& tool, const Arguments& arguments);
void runInit(Tool& tool, const Arguments& arguments);
void runTrain(Tool& tool, const Arguments& arguments);
void runRun(Tool& tool, const Arguments& arguments);
void runLab(Tool& tool, const Arguments& arguments);
void runRelevance(Tool& tool, const Arguments& arguments);
void runCost(Tool& tool, const Arguments& arguments);
void runCheck(Tool& tool, const Arguments& arguments);
void runConvert(Tool& tool, const Arguments& arguments);
void runFigure(Tool& tool, const Arguments& arguments);
void runTour(Tool& tool, const Arguments& arguments);
void runBench(Tool& tool, const Arguments& arguments);

}
