// The numbers behind a view as files: CSV for people, NPY for scripts, HDF5 for everything at once.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"

#include <string>
#include <vector>

namespace fovea::app {

/// By the ending: .h5 holds all records as a trace; .csv and .npy hold one record each, several become
/// several files with the record's path in their names. Throws Error, UsageError for another ending.
void saveData(const std::vector<Record>& records, const std::string& file);

}
