// The figures of papers that come with the program: recipes in its resources, each with a name. It draws
// nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>
#include <vector>

namespace fovea::app {

/// Their names, those of one paper in the order of their numbers.
std::vector<std::string> paperFigures();
/// The recipe of one, a file in the folder figures of the resources; empty: there is none of that name.
QString paperFigureFile(const QString& name);

}
