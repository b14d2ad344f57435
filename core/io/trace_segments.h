// Traces too long for one file: several complete ones, of which each goes on where the one before ends.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/trace_file.h"

namespace fovea::io {

/// Whether records that take so many bytes of memory, the first of them so old, are to be written now: a kill
/// costs half a minute at most.
constexpr bool isSegmentDue(std::size_t bytes, double seconds)
{
    constexpr std::size_t mostBytes = std::size_t{256} << 20;
    constexpr double mostSeconds = 30;
    return bytes > mostBytes || (bytes > 0 && seconds >= mostSeconds);
}

/// "run.h5" for 1, "run.2.h5", "run.3.h5", ...
FOVEA_API std::string segmentPath(const std::string& path, int number);
/// The files beside segment `number` that hold later steps of the same run (source, config and seed), by
/// their numbers up to the first that does not: what an earlier, longer run of it left.
FOVEA_API std::vector<std::string> segmentsAfter(const std::string& path, int number);
/// A trace with the segments beside it that go on with the same run; a file beside it that is another run's,
/// or begins elsewhere, ends it. Throws Error naming the file and the dataset.
FOVEA_API TracePtr readSegments(const Hdf5File& first);
FOVEA_API TracePtr readSegments(const std::string& path);

}
