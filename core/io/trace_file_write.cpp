// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/naming.h"
#include "core/io/trace_file.h"
#include "core/io/trace_places.h"
#include "core/io/trace_tables.h"

#include <algorithm>
#include <bit>

namespace fovea::io {

using namespace traces;

namespace {

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

}

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

}
