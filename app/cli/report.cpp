// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/report.h"

#include "core/analysis/effect.h"
#include "core/tensor/error.h"

#include <cstdio>

namespace fovea::app {

std::pair<std::string, std::string> splitSetting(const std::string& option, const std::string& text)
{
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
        throw UsageError("--" + option + ": expected NAME=VALUE, found '" + text + "'");
    return {text.substr(0, equals), text.substr(equals + 1)};
}

Answers settings(const Arguments& arguments)
{
    Answers all;
    for (const std::string& text : arguments.values("set")) {
        const auto [field, value] = splitSetting("set", text);
        all[field] = value;
    }
    return all;
}

Json topClasses(const Tensor& logits, const Weights& weights, int count)
{
    Json top = Json::array();
    for (const auto& one : analysis::topClasses(logits, count))
        top.push_back({{"class", one.index}, {"label", weights.label(one.index)}, {"logit", one.logit},
            {"probability", one.probability}});
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

Json extentsOf(const Shape& shape)
{
    return std::vector<Index>(shape.extents().begin(), shape.extents().end());
}

void requireSound(const std::string& file, const std::vector<TensorReport>& report)
{
    for (const TensorReport& row : report) {
        if (row.hasNonFinite)
            throw Error(file, "tensor '" + row.name + "': expected finite numbers, found NaN or infinity");
        if (row.state == TensorReport::State::Unused)
            throw Error(file, "tensor '" + row.name + "': the model has no place for it");
    }
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
    int matched = 0;
    std::string others;
    for (const auto& row : rows) {
        const bool isPlain = row["state"] == "matched" && row["finite"].get<bool>();
        matched += row["state"] == "matched" ? 1 : 0;
        if (!isPlain)
            others += "\n  " + row["state"].get<std::string>() + ": " + row["name"].get<std::string>() + " "
                + row["detail"].get<std::string>()
                + (row["finite"].get<bool>() ? "" : " (holds NaN or infinity)");
    }
    return "  " + std::to_string(matched) + " of " + std::to_string(rows.size()) + " tensors matched"
        + others;
}

}
