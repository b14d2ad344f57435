// The numbers behind a view as files: CSV for people, NPY for scripts, HDF5 for everything at once.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/trace.h"

#include <string>
#include <vector>

namespace fovea::figure {

/// By the ending: .h5 holds all records with their axes as a trace, which opens again; .csv and .npy hold one
/// record each, several become several files with the record's path in their names. Atomic. The names of what
/// was written. Throws Error naming the file, UsageError for another ending.
std::vector<std::string> saveData(
    const std::vector<Record>& records, const std::string& file, const Provenance& provenance = {});

/// A table with a header row, in the C locale. The last of two or more axes gives the columns; each other
/// axis is a column of its own with the label, the value or the index of every element. Complex numbers take
/// two columns, .re and .im.
std::string toCsv(const Record& record);

}
