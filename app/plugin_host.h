// Finds and opens plugin libraries and lets them fill the registry. A bad one never stops the program.
// It knows nothing of Qt.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/registry.h"

#include <filesystem>
#include <string>
#include <vector>

namespace fovea::app {

/// What became of the libraries that were found.
struct PluginReport {
    struct Failure {
        std::string file, message;
    };
    std::vector<std::string> loaded; ///< files
    std::vector<Failure> failures;
};

/// Where plugins are looked for, the most deliberate first: `extra` (from --plugin-path), FOVEA_PLUGIN_PATH
/// (folders between colons), "plugins" and "../lib/fovea/plugins" beside the program, the user's data folder.
std::vector<std::filesystem::path> pluginFolders(const std::vector<std::filesystem::path>& extra = {});

/// Opens one library. Throws Error naming it; the registry is as it was then.
void loadPlugin(Registry& registry, const std::filesystem::path& file);

/// Opens every *.so of the folders, in the order of the folders and of their names. A library that was met
/// before, by another path or as a copy of the same name and bytes, is passed over. A library is asked for
/// its ABI before anything of it is called, adds all of its sources or none, and is never closed. What fails
/// is reported and passed over.
PluginReport loadPlugins(Registry& registry, const std::vector<std::filesystem::path>& folders);

}
