// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/trace_file.h"

#include "core/io/naming.h"
#include "core/io/trace_check.h"
#include "core/io/trace_places.h"
#include "core/io/trace_tables.h"

#include <algorithm>
#include <bit>

namespace fovea::io {

using namespace traces;

namespace {

SignalInfo infoOf(const Hdf5File& file, const Hdf5Object& dataset, const std::string& path)
{
    const auto text = [&](const char* name) { return file.attribute<std::string>(dataset, name); };
    const auto kind = kindOf(text("kind"));
    if (!kind)
        throw Error("there is no kind '" + text("kind") + "'");
    return {path, *kind, text("role"), static_cast<int>(file.attribute<std::int64_t>(dataset, "depth")),
        text("block"), text("help"), text("unit"), file.attribute<Texts>(dataset, "fields"), text("domain")};
}

/// What the records of a trace file refer to.
struct Tables {
    std::vector<LayoutPtr> layouts;
    std::vector<std::vector<Axis>> axes;
    std::size_t steps = 0;
};

/// Column values of a row of marks, none of which points outside its table.
void checkRow(std::span<const std::int64_t> row, const Tables& tables)
{
    const auto within = [&](Column column, std::int64_t low, std::size_t count) {
        if (row[column] < low || row[column] >= static_cast<std::int64_t>(count))
            throw Error(
                "marks: " + columnNames[column] + " " + std::to_string(row[column]) + " is out of range");
    };
    within(Step, 0, tables.steps);
    within(Queries, -1, tables.layouts.size());
    within(Keys, -1, tables.layouts.size());
    within(Axes, 0, tables.axes.size());
}

std::vector<Found> readRecords(
    const Hdf5File& file, const Hdf5Object& dataset, const std::string& path, const Tables& tables)
{
    const Tensor marks = file.read(file.numbers(details(path, "marks")));
    if (marks.dtype() != DType::I64 || marks.rank() != 2 || marks.dim(1) != ColumnCount)
        throw Error("marks: expected i64 [step, " + std::to_string(ColumnCount) + "]");
    const auto count = static_cast<std::size_t>(marks.dim(0));
    const auto series = [&](const char* name) { return readSeries(file, detail(path, name), count); };
    const auto values = readSeries(file, valuesOf(path), count);
    const auto queryIndex = series("query_index"), keyIndex = series("key_index");
    const auto q = series("q"), k = series("k"), logSum = series("log_sum"), scale = series("scale");
    const SignalInfo info = infoOf(file, dataset, path);
    const auto layout
        = [&](std::int64_t n) { return n < 0 ? LayoutPtr() : tables.layouts[static_cast<std::size_t>(n)]; };
    std::vector<Found> all;
    for (std::size_t i = 0; i < count; ++i) {
        const auto row = marks.values<std::int64_t>().subspan(i * ColumnCount, ColumnCount);
        checkRow(row, tables);
        auto record = std::make_shared<Record>();
        record->info = info;
        record->value = values[i];
        record->axes = tables.axes[static_cast<std::size_t>(row[Axes])];
        record->queries = layout(row[Queries]);
        record->keys = layout(row[Keys]);
        record->queryIndex = queryIndex[i];
        record->keyIndex = keyIndex[i];
        record->factors = {
            q[i], k[i], logSum[i], scale[i].defined() ? static_cast<float>(scale[i].toDoubles().at(0)) : 1};
        record->finite = row[Finite] != 0;
        record->edited = row[Edited] != 0;
        checkRecord(*record);
        all.push_back(Found{row[Step], row[Place], std::move(record)});
    }
    return all;
}

void readRoot(const Hdf5File& file, Trace& trace)
{
    const Hdf5Object& root = *file.find("");
    const auto version = file.attribute<std::int64_t>(root, "version");
    if (version != traceVersion)
        throw Error("attribute 'version': expected " + std::to_string(traceVersion) + ", found "
            + std::to_string(version));
    const auto text = [&](const char* name) { return file.attribute<std::string>(root, name); };
    trace.provenance = {text("source"), text("config"), text("weights_sha256"),
        std::bit_cast<std::uint64_t>(file.attribute<std::int64_t>(root, "seed")),
        file.attribute<Texts>(root, "edits"), file.attribute<std::int64_t>(root, "sample"), {}};
    if (root.attributes.contains("left_out")) // files of an earlier date say nothing of these two
        trace.leftOut = file.attribute<Texts>(root, "left_out");
    if (root.attributes.contains("input_sha256"))
        trace.provenance.inputHash = text("input_sha256");
    const auto blocks = file.attribute<Texts>(root, "blocks");
    const auto seconds = file.read(file.numbers("block_seconds")).toDoubles();
    if (blocks.size() != seconds.size())
        throw Error("dataset 'block_seconds': expected " + std::to_string(blocks.size()) + " numbers");
    for (std::size_t i = 0; i < blocks.size(); ++i)
        trace.blocks.push_back(BlockMark{blocks[i], {}, seconds[i]});
    const auto optional
        = [&](const char* name) { return file.find(name) ? file.read(file.numbers(name)) : Tensor(); };
    trace.input = optional("input");
    trace.output = optional("logits");
}

std::vector<Trace::StepPtr> readSteps(const Hdf5File& file)
{
    const Tensor steps = file.read(file.numbers("steps"));
    if (steps.dtype() != DType::I64 || steps.rank() != 1)
        throw Error("dataset 'steps': expected a list of i64");
    const Tables tables{readLayouts(file), readAxes(file), static_cast<std::size_t>(steps.dim(0))};
    std::vector<std::vector<Found>> bySteps(tables.steps);
    for (const Hdf5Object* dataset : file.inside("records")) {
        if (dataset->content != Hdf5Object::Content::Numbers)
            continue;
        const std::string path = dataset->path.substr(std::string_view("records/").size());
        for (Found& one : naming(file.file().path(), "record '" + path + "'",
                 [&] { return readRecords(file, *dataset, path, tables); }))
            bySteps[static_cast<std::size_t>(one.step)].push_back(std::move(one));
    }
    std::vector<Trace::StepPtr> all;
    for (std::size_t i = 0; i < bySteps.size(); ++i) {
        std::ranges::sort(bySteps[i], {}, &Found::place);
        auto records = std::make_shared<StepRecords>(steps.values<std::int64_t>()[i]);
        for (Found& one : bySteps[i])
            records->add(std::move(one.record));
        all.push_back(std::move(records));
    }
    return all;
}

}

bool isTraceFile(const Hdf5File& file) { return formatOf(file) == "trace"; }

TracePtr readTrace(const Hdf5File& file)
{
    return naming(file.file().path(), [&] {
        if (!isTraceFile(file))
            throw Error("expected a trace (fovea_format=\"trace\")");
        auto trace = std::make_shared<Trace>();
        readRoot(file, *trace);
        trace->steps = readSteps(file);
        return TracePtr(std::move(trace));
    });
}

TracePtr readTrace(const std::string& path) { return readTrace(Hdf5File(path)); }

}
