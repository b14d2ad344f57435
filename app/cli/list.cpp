// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/report.h"
#include "app/resources.h"

#include "core/train/data_set.h"

#include <QDir>

namespace fovea::app {

namespace {

Json identityJson(const Identity& identity)
{
    return {{"id", identity.id}, {"name", identity.name}, {"family", identity.family},
        {"task", identity.task},
        {"paper",
            {{"title", identity.paper.title}, {"year", identity.paper.year},
                {"arxiv", identity.paper.arxiv}}},
        {"sentence", identity.sentence}};
}

Json everything(const Tool& tool)
{
    Json json{{"architectures", Json::array()}, {"labs", Json::array()}, {"models", Json::array()},
        {"samples", Json::array()}, {"data_sets", Json::array()}, {"failed_plugins", failedPlugins(tool)}};
    for (const Architecture* architecture : tool.registry().architectures()) {
        Json entry = identityJson(architecture->identity());
        entry["presets"] = Json::array();
        for (const Preset& preset : architecture->presets())
            entry["presets"].push_back(preset.name);
        json["architectures"].push_back(entry);
    }
    for (const Lab* lab : tool.registry().labs())
        json["labs"].push_back(identityJson(lab->identity()));
    for (const std::string& model : bundledModels())
        json["models"].push_back(model);
    for (const std::string& sample : bundledSamples())
        json["samples"].push_back(sample);
    for (const train::KnownDataSet& data : train::knownDataSets())
        json["data_sets"].push_back({{"name", data.name}, {"help", data.help}});
    return json;
}

std::string line(const Json& source)
{
    const std::string paper = source["paper"]["arxiv"].get<std::string>();
    return source["id"].get<std::string>() + "  " + source["name"].get<std::string>() + ": "
        + source["sentence"].get<std::string>() + (paper.empty() ? "" : " (arXiv " + paper + ")");
}

void printNames(const char* title, const Json& names)
{
    if (!names.empty())
        Tool::print(title);
    for (const auto& name : names)
        Tool::print("  " + name.get<std::string>());
}

void printList(const Json& json)
{
    for (const auto& architecture : json["architectures"]) {
        Tool::print(line(architecture));
        for (const auto& preset : architecture["presets"])
            Tool::print("  " + architecture["id"].get<std::string>() + ":" + preset.get<std::string>());
    }
    for (const auto& lab : json["labs"])
        Tool::print(line(lab));
    printNames("models", json["models"]);
    printNames("samples", json["samples"]);
    Tool::print("data sets");
    for (const auto& data : json["data_sets"])
        Tool::print("  " + data["name"].get<std::string>() + "  " + data["help"].get<std::string>());
}

}

void runList(Tool& tool, const Arguments& arguments)
{
    const Json json = everything(tool);
    if (arguments.has("json"))
        Tool::printJson(json);
    else
        printList(json);
    requirePlugins(tool);
}

}
