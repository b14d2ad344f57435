// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/trace_segments.h"

#include "core/tensor/error.h"

#include <filesystem>
#include <optional>

namespace fovea::io {

namespace {

bool goesOn(const Trace& before, const Trace& after)
{
    const Provenance &a = before.provenance, &b = after.provenance;
    return a.source == b.source && a.config == b.config && a.seed == b.seed && a.edits == b.edits
        && !before.steps.empty() && !after.steps.empty()
        && before.steps.back()->step() < after.steps.front()->step();
}

/// Of which run a file is, and where it begins.
struct Origin {
    std::string source, config;
    std::int64_t seed = 0;
    double first = 0; ///< its first step
    bool isOfRun(const Origin& o) const { return source == o.source && config == o.config && seed == o.seed; }
};

/// Nothing for a file that is no trace with steps.
std::optional<Origin> originOf(const std::string& path)
{
    try {
        const Hdf5File file(path);
        if (!isTraceFile(file))
            return {};
        const Hdf5Object& root = *file.find("");
        const std::vector<double> steps = file.read(file.numbers("steps")).toDoubles();
        if (steps.empty())
            return {};
        return Origin{file.attribute<std::string>(root, "source"),
            file.attribute<std::string>(root, "config"), file.attribute<std::int64_t>(root, "seed"),
            steps[0]};
    } catch (const Error&) {
        return {};
    }
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

std::vector<std::string> segmentsAfter(const std::string& path, int number)
{
    std::vector<std::string> after;
    if (!std::filesystem::exists(segmentPath(path, number + 1))) // as nearly always
        return after;
    const std::optional<Origin> run = originOf(segmentPath(path, number));
    for (int next = number + 1; run; ++next) {
        const std::optional<Origin> other = originOf(segmentPath(path, next));
        if (!other || !other->isOfRun(*run) || other->first == 0) // that one is a run of its own
            break;
        after.push_back(segmentPath(path, next));
    }
    return after;
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
