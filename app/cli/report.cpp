// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/report.h"

#include "core/analysis/effect.h"
#include "core/io/decimal.h"
#include "core/tensor/error.h"
#include "core/tensor/nearest.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace fovea::app {

std::vector<std::pair<std::string, std::string>> settings(
    const Arguments& arguments, const std::string& option)
{
    std::vector<std::pair<std::string, std::string>> all;
    for (const std::string& text : arguments.values(QString::fromStdString(option))) {
        const auto equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            throw UsageError("--" + option + ": expected NAME=VALUE, found '" + text + "'");
        const std::string name = text.substr(0, equals);
        if (std::ranges::find(all, name, &std::pair<std::string, std::string>::first) != all.end())
            throw UsageError("--" + option + ": '" + name + "' is set twice");
        all.push_back({name, text.substr(equals + 1)});
    }
    return all;
}

io::OpenOptions openOptions(const Tool& tool, const Arguments& arguments)
{
    io::OpenOptions options{{}, arguments.value("map"), tool.stop()};
    for (const auto& [field, value] : settings(arguments, "set"))
        options.answers[field] = value;
    return options;
}

std::string listed(const std::vector<std::string>& words)
{
    std::string all;
    for (const std::string& word : words)
        all += (all.empty() ? "" : ", ") + word;
    return all;
}

std::string withAdvice(const io::OpenQuestions& error)
{
    return error.what() + std::string("; say them with --set ") + error.found.questions.front().name + "=...";
}

void setField(Config& config, const std::string& option, const std::string& name, const std::string& value)
{
    try {
        config.setText(name, value);
    } catch (const Error& error) {
        throw UsageError("--" + option + ": " + error.what());
    }
}

void requireOther(const std::string& output, const std::vector<std::string>& read)
{
    std::error_code ignored; // a file that is not there is no other file
    for (const std::string& file : read)
        if (std::filesystem::equivalent(output, file, ignored))
            throw UsageError("'" + output + "' is read here and would be lost; write to another file");
}

void requireHdf5Name(const std::string& output)
{
    if (const std::string ending = std::filesystem::path(output).extension();
        !ending.empty() && ending != ".h5" && ending != ".hdf5")
        throw UsageError("'" + output + "': expected a name that ends in .h5, as the file will be HDF5");
}

Json topClasses(const Tensor& logits, const Weights& weights, int count)
{
    Json top = Json::array();
    for (const auto& one : analysis::topClasses(logits, count))
        top.push_back({{"class", one.index}, {"label", weights.label(one.index)},
            {"logit", io::decimal(static_cast<float>(one.logit))}, {"probability", one.probability}});
    return top;
}

std::string textOf(const Json& top)
{
    std::string text;
    for (const auto& one : top) {
        char line[160];
        std::snprintf(line, sizeof line, "  %6.2f %%  %-28s logit %9.4f\n",
            100 * one["probability"].get<double>(), one["label"].get<std::string>().c_str(),
            one["logit"].get<double>());
        text += line;
    }
    if (!text.empty())
        text.pop_back();
    return text;
}

Json outlineOf(const Record& record)
{
    Json axes = Json::array();
    for (const Axis& axis : record.axes)
        axes.push_back(axis.name);
    return {{"path", record.path()}, {"kind", nameOf(record.kind())}, {"type", nameOf(record.value.dtype())},
        {"shape", extentsOf(shapeOf(record))}, {"axes", axes}};
}

Json estimateJson(const analysis::Estimate& estimate)
{
    return {{"mean", estimate.mean}, {"low", estimate.low}, {"high", estimate.high}};
}

std::string csvNumber(double value)
{
    char number[32];
    std::snprintf(number, sizeof number, "%.9g", value);
    return std::isnan(value) ? "" : number;
}

Json failedPlugins(const Tool& tool)
{
    Json rows = Json::array();
    for (const auto& [file, message] : tool.pluginFailures())
        rows.push_back({{"file", file}, {"message", message}});
    return rows;
}

Json extentsOf(const Shape& shape)
{
    return std::vector<Index>(shape.extents().begin(), shape.extents().end());
}

void requireSignals(const std::vector<std::string>& patterns, const std::vector<SignalInfo>& declared,
    const std::string& owner)
{
    std::vector<std::string> paths;
    for (const SignalInfo& signal : declared)
        paths.push_back(signal.path);
    for (const std::string& pattern : patterns)
        if (std::ranges::none_of(paths, [&](const auto& path) { return matches(pattern, path); }))
            throw UsageError("--probe '" + pattern + "' names no signal of this " + owner
                + nearest(pattern, paths) + (owner == "model" ? "; `fovea info` lists them" : ""));
}

void requireFinite(const std::string& file, const std::vector<TensorReport>& report)
{
    std::string problems;
    for (const TensorReport& row : report)
        if (row.hasNonFinite)
            problems += (problems.empty() ? "tensor '" : "; tensor '") + row.name
                + "': expected finite numbers, found NaN or infinity";
    if (!problems.empty())
        throw Error(file, problems);
}

void requirePlugins(const Tool& tool)
{
    if (!tool.pluginFailures().empty()) // each was named when it failed
        throw Error(std::to_string(tool.pluginFailures().size()) + " of the plugins could not be opened");
}

Json tensorRows(const std::vector<TensorReport>& report)
{
    constexpr const char* states[] = {"matched", "missing", "wrong shape", "unused", "accepted"};
    Json rows = Json::array();
    for (const TensorReport& row : report)
        rows.push_back({{"state", states[static_cast<int>(row.state)]}, {"name", row.name},
            {"source", row.source}, {"detail", row.detail}, {"finite", !row.hasNonFinite}});
    return rows;
}

std::string textOfTensors(const Json& rows)
{
    const auto text = [](const Json& value) { return value.get<std::string>(); };
    int matched = 0;
    std::string lines;
    for (const auto& row : rows) {
        matched += row["state"] == "matched" ? 1 : 0;
        const bool isRenamed = row["source"] != "" && row["source"] != row["name"];
        lines += "\n  " + text(row["state"]) + ": " + (isRenamed ? text(row["source"]) + " -> " : "")
            + text(row["name"]) + " " + text(row["detail"])
            + (row["finite"].get<bool>() ? "" : " (holds NaN or infinity)");
    }
    return "  " + std::to_string(matched) + " of " + std::to_string(rows.size()) + " tensors matched" + lines;
}

}
