// What the descriptions of several subcommands share, and the parts of their table. Only command_*.cpp
// includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commands.h"

#include "core/source/schema.h"

namespace fovea::app {

inline const Option outputOption{{"o", "output"}, "file to write", "FILE"};
inline const Option setOption{{"set"},
    "a config field that differs from the default or the file, or that a foreign file does not tell",
    "FIELD=VALUE", true};

inline const JsonKey tensorsKey{"tensors",
    "a row for each tensor: state (matched, missing, wrong shape, unused, accepted), name, source (its name "
    "in the file, or what it should be), detail, finite; of a checkpoint: name, type, shape"};
inline const JsonKey failedKey{"failed_plugins", "file and message of each plugin that could not be opened"};
inline const JsonKey architectureKey{"architecture", "id of the architecture"};
inline const JsonKey configKey{"config", "every field of the config"};

Option editOption();
/// The fields of a schema with their choices.
QString namesIn(const Schema& schema);

/// Of models, files and the program itself: info, list, init, check, convert, tour, bench.
std::vector<Command> commandsOnFiles();
/// Of what computes: train, run, lab, relevance, figure.
std::vector<Command> commandsOnRuns();

}
