// Columns of numbers over time, from a CSV file: stretches of the past and the rows that follow them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/train/data/fields.h"

#include <filesystem>

namespace fovea::train::data {

/// The numbers of a CSV file.
struct Table {
    std::vector<std::string> columns;
    Tensor values; ///< f64 [row, column]
};

/// The first line names the columns; a first column named "date" or "time" is left out. Throws Error with
/// line and column for a cell that is no finite number or a line with more or fewer cells.
FOVEA_API Table readCsv(const std::string& path, const StopToken& stop);

/// Fields length, horizon, test, normalise.
Schema seriesSchema();
bool isCsv(const std::filesystem::path& path);
/// Samples begin at every row. The last share of the rows is the test split, which the samples of the
/// training split do not reach; normalised: per column (x - mean) / std of the training rows.
DataSetPtr openSeries(
    const std::filesystem::path& path, const Config& config, const OpenDataOptions& options);

}
