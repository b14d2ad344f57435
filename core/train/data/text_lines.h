// Small text files as lines.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace fovea::train::data {

/// The lines of a file of at most 16 MiB, without line ends ("\n" or "\r\n") and without empty ones at the
/// end.
std::vector<std::string> readLines(const std::string& path);

}
