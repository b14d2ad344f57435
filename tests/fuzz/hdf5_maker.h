// An HDF5 file of unusual contents, as bytes choose: a grammar for the fuzzing of the reader process. Most of
// its files are broken: not for tests of good ones.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace fovea::fuzz {

/// Makes an HDF5 file of that path: groups, links, attributes and datasets of many types, spaces and layouts.
/// All choices come from `choices`; where these end, every further choice is the first.
void makeHdf5(const std::string& path, const std::string& choices);

}
