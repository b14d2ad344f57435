// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/trace_file.h"

#include "core/io/naming.h"
#include "core/io/trace_check.h"
#include "core/io/trace_series.h"
#include "core/io/trace_tables.h"

#include <algorithm>
#include <bit>

namespace fovea::io {

namespace {

using Texts = std::vector<std::string>;

constexpr std::int64_t traceVersion = 1;

/// A record of one step: a row of `details/<path>/marks`.
enum Column { Step, Place, Queries, Keys, Axes, Finite, Edited, ColumnCount };
const Texts columnNames{"step", "place", "queries", "keys", "axes", "finite", "edited"};

/// All records of one path: which step, which place in it, and the record.
struct Found {
    std::int64_t step, place;
    RecordPtr record;
};

/// In the order in which the paths first appear.
std::vector<std::pair<std::string, std::vector<Found>>> byPath(const Trace& trace)
{
    std::vector<std::pair<std::string, std::vector<Found>>> all;
    std::map<std::string, std::size_t> numbers;
    for (std::size_t step = 0; step < trace.steps.size(); ++step) {
        std::int64_t place = 0;
        for (const RecordPtr& record : trace.steps[step]->all()) {
            const auto [number, isNew] = numbers.try_emplace(record->path(), all.size());
            if (isNew)
                all.push_back({record->path(), {}});
            all[number->second].second.push_back(Found{static_cast<std::int64_t>(step), place++, record});
        }
    }
    return all;
}

template <class Part>
std::vector<Tensor> each(const std::vector<Found>& found, Part part)
{
    std::vector<Tensor> tensors;
    for (const Found& one : found)
        tensors.push_back(part(*one.record));
    return tensors;
}

std::string details(const std::string& path, const char* name) { return "details/" + path + "/" + name; }

SeriesPlace detail(const std::string& path, const char* name)
{
    return {details(path, name), details(path, name)};
}

SeriesPlace valuesOf(const std::string& path) { return {"records/" + path, details(path, "value")}; }

void writeInfo(Hdf5Writer& writer, const std::string& dataset, const Record& record)
{
    const SignalInfo& info = record.info;
    Texts axes{"step"};
    for (const Axis& axis : record.axes)
        axes.push_back(axis.name);
    writer.attribute(dataset, "kind", std::string(nameOf(info.kind)));
    writer.attribute(dataset, "axes", axes);
    writer.attribute(dataset, "role", info.role);
    writer.attribute(dataset, "depth", std::int64_t{info.depth});
    writer.attribute(dataset, "block", info.block);
    writer.attribute(dataset, "help", info.help);
    writer.attribute(dataset, "unit", info.unit);
    writer.attribute(dataset, "fields", info.fields);
    writer.attribute(dataset, "domain", info.domain);
}

void writeMarks(
    Hdf5Writer& writer, const std::string& path, const std::vector<Found>& found, TraceTables& tables)
{
    Tensor marks({static_cast<Index>(found.size()), ColumnCount}, DType::I64);
    auto row = marks.writable<std::int64_t>();
    for (const Found& one : found) {
        const Record& record = *one.record;
        row[Step] = one.step;
        row[Place] = one.place;
        row[Queries] = tables.add(record.queries);
        row[Keys] = tables.add(record.keys);
        row[Axes] = tables.add(record.axes);
        row[Finite] = record.finite;
        row[Edited] = record.edited;
        row = row.subspan(ColumnCount);
    }
    writer.write(details(path, "marks"), marks);
    writer.attribute(details(path, "marks"), "columns", columnNames);
}

void writeRecords(
    Hdf5Writer& writer, const std::string& path, const std::vector<Found>& found, TraceTables& tables)
{
    writeSeries(writer, valuesOf(path), each(found, [](const Record& r) { return r.value; }));
    writeInfo(writer, "records/" + path, *found.front().record);
    writeMarks(writer, path, found, tables);
    const auto optional = [&](const char* name, auto part) {
        writeOptionalSeries(writer, detail(path, name), each(found, part));
    };
    optional("query_index", [](const Record& r) { return r.queryIndex; });
    optional("key_index", [](const Record& r) { return r.keyIndex; });
    optional("q", [](const Record& r) { return r.factors.q; });
    optional("k", [](const Record& r) { return r.factors.k; });
    optional("log_sum", [](const Record& r) { return r.factors.logSum; });
    optional("scale",
        [](const Record& r) { return r.factors.defined() ? Tensor::full({}, r.factors.scale) : Tensor(); });
}

void writeRoot(Hdf5Writer& writer, const Trace& trace)
{
    const Provenance& from = trace.provenance;
    writer.attribute("", "fovea_format", "trace");
    writer.attribute("", "version", traceVersion);
    writer.attribute("", "source", from.source);
    writer.attribute("", "config", from.config);
    writer.attribute("", "weights_sha256", from.weightsHash);
    writer.attribute("", "input_sha256", from.inputHash);
    writer.attribute("", "seed", std::bit_cast<std::int64_t>(from.seed));
    writer.attribute("", "edits", from.edits);
    writer.attribute("", "sample", from.sample);
    writer.attribute("", "left_out", trace.leftOut);
    Texts blocks;
    Tensor seconds({static_cast<Index>(trace.blocks.size())}, DType::F64);
    for (const BlockMark& block : trace.blocks) {
        seconds.writable<double>()[blocks.size()] = block.seconds;
        blocks.push_back(block.path);
    }
    writer.attribute("", "blocks", blocks);
    writer.write("block_seconds", seconds);
    if (trace.input.defined())
        writer.write("input", trace.input);
    if (trace.output.defined())
        writer.write("logits", trace.output);
    Tensor steps({static_cast<Index>(trace.steps.size())}, DType::I64);
    std::ranges::transform(
        trace.steps, steps.writable<std::int64_t>().begin(), [](const auto& s) { return s->step(); });
    writer.write("steps", steps);
}

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

void writeTrace(const std::string& path, const Trace& trace, const StopToken& stop)
{
    naming(path, [&] {
        Hdf5Writer writer(path, stop);
        TraceTables tables;
        writeRoot(writer, trace);
        for (const auto& [record, found] : byPath(trace))
            writeRecords(writer, record, found, tables);
        tables.write(writer);
        writer.commit();
    });
}

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
