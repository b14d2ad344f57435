// Where the program's own files are: models, pictures. Beside the build, in the source tree or installed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>
#include <vector>

namespace fovea::app {

/// The resources folder ($FOVEA_RESOURCES, ../share/fovea beside the program, the source tree); empty: none
/// found.
std::string resourcesFolder();
/// Full paths, sorted; the model of a first start comes first. Masks beside pictures are left out.
std::vector<std::string> bundledModels();
std::vector<std::string> bundledSamples();

/// The name by which a recipe knows a file: "resources:models/x.h5" in that folder, which QFile and QFileInfo
/// resolve; else its absolute path without links. Empty stays empty.
QString recipePath(const std::string& path);

}
