// Where things stand in a trace file, for the code that writes and reads it. It opens no file.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/trace_series.h"
#include "core/trace/trace.h"

#include <string>
#include <vector>

namespace fovea::io::traces {

using Texts = std::vector<std::string>;

constexpr std::int64_t traceVersion = 1;

/// A record of one step: a row of `details/<path>/marks`.
enum Column { Step, Place, Queries, Keys, Axes, Finite, Edited, ColumnCount };
inline const Texts columnNames{"step", "place", "queries", "keys", "axes", "finite", "edited"};

/// All records of one path: which step, which place in it, and the record.
struct Found {
    std::int64_t step, place;
    RecordPtr record;
};

inline std::string details(const std::string& path, const char* name)
{
    return "details/" + path + "/" + name;
}

inline SeriesPlace detail(const std::string& path, const char* name)
{
    return {details(path, name), details(path, name)};
}

inline SeriesPlace valuesOf(const std::string& path) { return {"records/" + path, details(path, "value")}; }

}
