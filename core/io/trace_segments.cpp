// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/trace_segments.h"

#include <filesystem>

namespace fovea::io {

namespace {

bool goesOn(const Trace& before, const Trace& after)
{
    const Provenance &a = before.provenance, &b = after.provenance;
    return a.source == b.source && a.config == b.config && a.seed == b.seed && a.edits == b.edits
        && !before.steps.empty() && !after.steps.empty()
        && before.steps.back()->step() < after.steps.front()->step();
}

}

std::string segmentPath(const std::string& path, int number)
{
    if (number == 1)
        return path;
    const std::filesystem::path whole(path);
    return (whole.parent_path() / whole.stem()).string() + "." + std::to_string(number)
        + whole.extension().string();
}

TracePtr readSegments(const std::string& path) { return readSegments(Hdf5File(path)); }

TracePtr readSegments(const Hdf5File& first)
{
    const std::string path = first.file().path();
    TracePtr whole = readTrace(first);
    for (int number = 2; std::filesystem::exists(segmentPath(path, number)); ++number) {
        const Hdf5File file(segmentPath(path, number));
        if (!isTraceFile(file))
            break;
        const TracePtr next = readTrace(file);
        if (!goesOn(*whole, *next))
            break;
        auto longer = std::make_shared<Trace>(*whole);
        for (const StepPtr& step : next->steps)
            longer->steps.push_back(step);
        whole = std::move(longer);
    }
    return whole;
}

}
