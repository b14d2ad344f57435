// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_export.h"

#include "core/io/atomic_file.h"
#include "core/io/npy.h"
#include "core/io/trace_file.h"
#include "core/tensor/error.h"

#include <charconv>
#include <filesystem>

namespace fovea::app {

namespace {

std::string numberText(double value)
{
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

/// One line per element of all axes but the last, whose elements are the columns.
std::string csv(const Record& record)
{
    const auto values = record.value.toDoubles();
    const Shape& shape = record.value.shape();
    const Index columns = shape.rank() > 0 ? shape[-1] : 1;
    std::string text = "# " + record.path() + " " + shape.text() + " " + record.info.role + "\n";
    for (std::size_t i = 0; i < values.size(); ++i) {
        text += numberText(values[i]);
        text += (static_cast<Index>(i) + 1) % columns == 0 ? '\n' : ',';
    }
    return text;
}

void saveTrace(const std::vector<Record>& records, const std::string& file)
{
    auto step = std::make_shared<StepRecords>();
    for (const Record& record : records)
        step->add(std::make_shared<const Record>(record));
    Trace trace;
    trace.steps.push_back(std::move(step));
    io::writeTrace(file, trace);
}

}

void saveData(const std::vector<Record>& records, const std::string& file)
{
    if (records.empty())
        throw Error(file, "this view has no numbers to save");
    const std::filesystem::path path(file);
    const std::string ending = path.extension().string();
    if (ending == ".h5")
        return saveTrace(records, file);
    if (ending != ".csv" && ending != ".npy")
        throw UsageError(file + ": expected the ending .csv, .npy or .h5, found '" + ending + "'");
    for (const Record& record : records) {
        const std::string name = records.size() == 1
            ? file
            : (path.parent_path() / (path.stem().string() + "." + record.path() + ending)).string();
        if (ending == ".npy")
            io::writeNpy(name, record.value);
        else
            io::writeFile(name, csv(record));
    }
}

}
