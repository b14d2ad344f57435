// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/report.h"
#include "app/plugin_host.h"

#include "core/io/open_weights.h"
#include "core/source/contract.h"
#include "core/source/parity.h"
#include "core/tensor/error.h"

#include <cstdio>
#include <filesystem>

namespace fovea::app {

namespace {

Json findingsJson(const std::string& id, const std::vector<Finding>& findings)
{
    Json rows = Json::array();
    for (const Finding& finding : findings)
        rows.push_back({{"rule", finding.rule}, {"problem", finding.problem}});
    return {{"source", id}, {"problems", rows}};
}

bool isLibrary(const std::string& word) { return word.ends_with(".so"); }

/// The contract of every source of a registry, or of one.
Json contract(const Registry& registry, const StopToken& stop, const std::string& only = {})
{
    Json all = Json::array();
    const auto check = [&](const auto& sources) {
        for (const auto* source : sources)
            if (const std::string id = source->identity().id; only.empty() || id == only) {
                stop.check();
                all.push_back(findingsJson(id, checkContract(*source, stop)));
            }
    };
    check(registry.architectures());
    check(registry.labs());
    return all;
}

/// The contract of all plugins (no word), of a source (an id) or of what a library brings (a file).
Json contractOf(const Tool& tool, const std::string& plugin)
{
    if (!isLibrary(plugin))
        return contract(tool.registry(), tool.stop(), plugin);
    Registry registry;
    loadPlugin(registry, plugin);
    return contract(registry, tool.stop());
}

Json parityJson(const Parity& parity)
{
    Json rows = Json::array();
    for (const ParityRow& row : parity.rows)
        rows.push_back({{"signal", row.path}, {"relative", row.relative}, {"absolute", row.absolute},
            {"index", row.where}, {"problem", row.problem}});
    const ParityRow* first = parity.firstDivergence();
    return {{"tolerance", Parity::tolerance}, {"worst", parity.worst()},
        {"first_divergence", first ? Json(first->path) : Json()}, {"rows", rows}};
}

void printCheck(const Json& result)
{
    for (const auto& source : result["contract"]) {
        Tool::print(source["source"].get<std::string>() + ": "
            + (source["problems"].empty() ? "the contract holds" : "the contract is broken"));
        for (const auto& problem : source["problems"])
            Tool::print(
                "  " + problem["rule"].get<std::string>() + ": " + problem["problem"].get<std::string>());
    }
    if (!result.contains("parity"))
        return;
    for (const auto& row : result["parity"]["rows"]) {
        char line[200];
        std::snprintf(line, sizeof line, "  %-32s relative %.2e  absolute %.2e",
            row["signal"].get<std::string>().c_str(), row["relative"].get<double>(),
            row["absolute"].get<double>());
        Tool::print(line
            + (row["problem"].get<std::string>().empty() ? "" : "  " + row["problem"].get<std::string>()));
    }
}

/// A file's own reference against what its model gives. Throws Error when it has none.
Parity parityOf(Tool& tool, const std::string& file, const io::OpenOptions& how)
{
    const io::OpenedWeights opened = io::openWeights(file, tool.registry(), how);
    requireFinite(file, opened.report);
    if (!opened.weights->parts().reference.input.defined())
        throw Error(file, "group 'reference': missing, so there is nothing to compare with");
    ExecuteOptions options;
    options.pool = tool.pool();
    options.stop = tool.stop();
    options.progress = Tool::progress;
    return checkParity(
        tool.registry().requireArchitecture(opened.weights->architecture()), *opened.weights, options);
}

}

void runCheck(Tool& tool, const Arguments& arguments)
{
    std::string plugin, file;
    for (const QString& text : arguments.positional) {
        const std::string word = text.toStdString();
        const bool isId = tool.registry().architecture(word) || tool.registry().lab(word);
        std::string& place = isId || isLibrary(word) ? plugin : file;
        if (!place.empty())
            throw UsageError(
                "check: expected one plugin and one file at most, found '" + place + "' and '" + word + "'");
        place = word;
    }
    if (!file.empty() && !std::filesystem::exists(file) && file.find_first_of("./") == std::string::npos)
        throw UsageError("'" + file + "' is neither a plugin nor a file; see `fovea list`");

    Json result = Json::object();
    result["contract"] = file.empty() || !plugin.empty() ? contractOf(tool, plugin) : Json::array();
    result["failed_plugins"] = failedPlugins(tool);
    std::string problem;
    for (const auto& source : result["contract"])
        if (!source["problems"].empty())
            problem = "plugin '" + source["source"].get<std::string>() + "': the contract is broken";
    if (!file.empty()) {
        const Parity parity = parityOf(tool, file, openOptions(tool, arguments));
        result["parity"] = parityJson(parity);
        if (const ParityRow* first = parity.firstDivergence())
            problem = file + ": differs from its reference, first in signal '" + first->path + "'";
    }
    if (arguments.has("json"))
        Tool::printJson(result);
    else
        printCheck(result);
    if (!problem.empty())
        throw Error(problem);
    requirePlugins(tool);
}

}
