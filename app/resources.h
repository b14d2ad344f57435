// Where the program's own files are: models, pictures. Beside the build, in the source tree or installed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace fovea::app {

/// The resources folder ($FOVEA_RESOURCES, ../share/fovea beside the program, the source tree); empty: none
/// found.
std::string resourcesFolder();
/// Full paths, sorted.
std::vector<std::string> bundledModels();
std::vector<std::string> bundledSamples();

}
