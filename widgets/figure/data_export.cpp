// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/data_export.h"

#include "core/io/atomic_file.h"
#include "core/io/npy.h"
#include "core/io/trace_file.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

namespace fovea::figure {

namespace {

template <class T>
void append(std::string& text, T value)
{
    std::array<char, 32> digits;
    text.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

/// In quotes where commas, quotes or line ends would be misread.
void appendText(std::string& text, const std::string& cell)
{
    if (cell.find_first_of(",\"\r\n") == std::string::npos) {
        text += cell;
        return;
    }
    text += '"';
    for (const char c : cell)
        text.append(c == '"' ? 2 : 1, c);
    text += '"';
}

/// What stands for element i of an axis.
std::string nameOf(const Axis& axis, Index i)
{
    const auto at = static_cast<std::size_t>(i);
    if (at < axis.labels.size())
        return axis.labels[at];
    std::string text;
    if (at < axis.values.size())
        append(text, axis.values[at]);
    else
        append(text, i);
    return text;
}

std::string titleOf(const Axis& axis)
{
    return axis.unit.empty() ? axis.name : axis.name + " (" + axis.unit + ")";
}

/// How many axes say which row this is; the one that is left, if any, gives the columns.
int indexAxes(const Record& record)
{
    return std::min(record.value.rank(), std::max(1, record.value.rank() - 1));
}

Index columnsOf(const Record& record) { return record.value.rank() < 2 ? 1 : record.value.dim(-1); }

std::string columnTitle(const Record& record, Index column)
{
    if (record.value.rank() < 2)
        return "value";
    const Axis& axis = record.axes.back();
    return axis.labels.empty() ? axis.name + " " + nameOf(axis, column) : nameOf(axis, column);
}

std::string header(const Record& record, bool isComplex)
{
    std::vector<std::string> titles;
    for (int axis = 0; axis < indexAxes(record); ++axis)
        titles.push_back(titleOf(record.axes[static_cast<std::size_t>(axis)]));
    for (Index column = 0; column < columnsOf(record); ++column) {
        const std::string title = columnTitle(record, column);
        titles.push_back(isComplex ? title + ".re" : title);
        if (isComplex)
            titles.push_back(title + ".im");
    }
    std::string text;
    for (const std::string& title : titles) {
        text += text.empty() ? "" : ",";
        appendText(text, title);
    }
    return text + '\n';
}

/// The columns that say which row this is.
void appendIndices(std::string& text, const Record& record, Index row)
{
    std::string cells;
    for (int axis = indexAxes(record) - 1; axis >= 0; --axis) {
        std::string cell;
        appendText(cell, nameOf(record.axes[static_cast<std::size_t>(axis)], row % record.value.dim(axis)));
        cells.insert(0, cell + ',');
        row /= record.value.dim(axis);
    }
    text += cells;
}

template <class T>
void appendRows(std::string& text, const Record& record, std::span<const T> values)
{
    const std::size_t perElement = record.value.dtype() == DType::C64 ? 2 : 1;
    const std::size_t width = static_cast<std::size_t>(columnsOf(record)) * perElement;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i % width == 0)
            appendIndices(text, record, static_cast<Index>(i / width));
        append(text, values[i]);
        text += (i + 1) % width == 0 ? '\n' : ',';
    }
}

/// With the names of its tokens where a layout knows them and no group has tokens of its own.
Record withTokenNames(Record record)
{
    for (std::size_t i = 0; i < record.axes.size(); ++i) {
        Axis& axis = record.axes[i];
        const bool isKey = axis.name == "key";
        const LayoutPtr& layout = isKey ? record.keys : record.queries;
        const bool isOfTokens = isKey || axis.name == "query" || axis.name == "token";
        if (!isOfTokens || !layout || (isKey ? record.keyIndex : record.queryIndex).defined()
            || !axis.labels.empty() || !axis.values.empty()
            || layout->tokens() != record.value.dim(static_cast<int>(i)))
            continue;
        for (int token = 0; token < layout->tokens(); ++token)
            axis.labels.push_back(layout->name(token));
    }
    return record;
}

std::string lowered(std::string text)
{
    std::ranges::transform(
        text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

void saveTrace(const std::vector<Record>& records, const std::string& file, const Provenance& provenance)
{
    auto step = std::make_shared<StepRecords>();
    for (const Record& record : records)
        step->add(std::make_shared<const Record>(record));
    Trace trace;
    trace.provenance = provenance;
    trace.steps.push_back(std::move(step));
    io::writeTrace(file, trace);
}

void saveOne(const Record& record, const std::string& file, bool isCsv)
{
    if (!record.value.defined())
        throw Error(file, record.path() + " is too large to have been kept: save it as .h5");
    if (isCsv)
        io::writeFile(file, toCsv(record));
    else
        io::writeNpy(file, record.value);
}

}

std::string toCsv(const Record& plain)
{
    const Record record = withTokenNames(plain);
    const Tensor& value = record.value;
    std::string text = header(record, value.dtype() == DType::C64);
    switch (value.dtype()) {
    case DType::F32:
        appendRows(text, record, value.values<float>());
        break;
    case DType::C64:
        appendRows(text, record,
            std::span(
                reinterpret_cast<const float*>(value.bytes()), 2 * static_cast<std::size_t>(value.count())));
        break;
    default:
        appendRows<double>(text, record, value.toDoubles());
    }
    return text;
}

std::vector<std::string> saveData(
    const std::vector<Record>& records, const std::string& file, const Provenance& provenance)
{
    const std::filesystem::path path(file);
    const std::string ending = path.extension().string();
    const std::string format = lowered(ending);
    if (records.empty())
        throw Error(file, "this view has no numbers to save");
    if (format != ".h5" && format != ".csv" && format != ".npy")
        throw UsageError(file + ": expected the ending .csv, .npy or .h5, found \"" + ending + "\"");
    if (format == ".h5") {
        saveTrace(records, file, provenance);
        return {file};
    }
    std::vector<std::string> files;
    try {
        for (const Record& record : records) {
            const std::string name = path.stem().string() + "." + record.path() + ending;
            const std::string one = records.size() == 1 ? file : (path.parent_path() / name).string();
            saveOne(record, one, format == ".csv");
            files.push_back(one);
        }
    } catch (...) { // all or none
        std::error_code ignored;
        for (const std::string& written : files)
            std::filesystem::remove(written, ignored);
        throw;
    }
    return files;
}

}
