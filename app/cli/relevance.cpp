// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/relevance.h"

#include "app/cli/report.h"

#include "core/analysis/method_comparison.h"
#include "core/analysis/rollout.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <cstdio>

namespace fovea::app {

namespace {

using analysis::RelevanceMethod;
using analysis::RelevanceQuestion;

/// Of a method's options, of a baseline's, which every table has, or of the numbers beside a map.
void requireRead(const std::string& option, const RelevanceRequest& request)
{
    const auto reads = [&](const RelevanceMethod* method) {
        return std::ranges::find(method->fields, option) != method->fields.end();
    };
    const auto methods = analysis::withBaselines(request.methods);
    if (!option.starts_with("removal") && std::ranges::none_of(methods, reads))
        throw UsageError("--option " + option + ": none of the methods reads it");
}

/// Those that the line names, and their options.
void addMethods(RelevanceRequest& request, const Arguments& arguments)
{
    for (const std::string& name : arguments.values("method")) {
        const RelevanceMethod* method = &analysis::relevanceMethod(name);
        if (std::ranges::find(request.methods, method) == request.methods.end())
            request.methods.push_back(method);
    }
    for (const auto& [name, value] : settings(arguments, "option")) {
        setField(request.options, "option", name, value);
        requireRead(name, request);
    }
}

void checkStart(const RelevanceRequest& request, const std::vector<RecordPtr>& patterns)
{
    const bool isRead = std::ranges::any_of(request.methods, [](const RelevanceMethod* method) {
        return std::ranges::find(method->fields, "rollout_start") != method->fields.end();
    });
    const int start = request.options.count("rollout_start");
    if (isRead && !patterns.empty() && start >= static_cast<int>(patterns.size()))
        throw UsageError("--option rollout_start: expected 0 to " + std::to_string(patterns.size() - 1)
            + ", found " + std::to_string(start));
}

Json rowOf(const analysis::ComparedMap& one, bool isAsked, bool isScored, bool hasMask)
{
    Json row{{"method", one.method->name}, {"caption", one.map->info.help}, {"baseline", !isAsked}};
    if (isScored) {
        row["deletion"] = one.scores.deletion;
        row["insertion"] = one.scores.insertion;
        row["rank_correlation"] = one.scores.rank;
    }
    if (hasMask) {
        row["pointing"] = one.scores.mask.pointing;
        row["iou"] = one.scores.mask.iou;
    }
    return row;
}

Json rowsOf(const Record& matrix)
{
    Json rows = Json::array();
    for (Index row = 0; row < matrix.value.dim(0); ++row)
        rows.push_back(matrix.value.at(row).toDoubles());
    return rows;
}

}

RelevanceRequest relevanceRequest(const Arguments& arguments)
{
    if (!arguments.has("method") && (arguments.has("option") || arguments.has("class")))
        throw UsageError(std::string(arguments.has("option") ? "--option" : "--class")
            + " is of a method, as in --method rollout");
    RelevanceRequest request{{}, Config(analysis::relevanceSchema()), arguments.value("class")};
    addMethods(request, arguments);
    return request;
}

RelevanceRequest relevanceRequestOfAll(const Arguments& arguments)
{
    RelevanceRequest request{{}, Config(analysis::relevanceSchema()), {}};
    for (const RelevanceMethod& method : analysis::relevanceMethods())
        if (!arguments.has("method") && !method.isBaseline)
            request.methods.push_back(&method);
    addMethods(request, arguments);
    return request;
}

TracePtr withRelevance(
    Tool& tool, const RelevanceRequest& request, const RelevanceQuestion& question, Json& json)
{
    checkStart(request, analysis::patternsOf(*question.base));
    ExecuteOptions run;
    run.pool = tool.pool();
    run.stop = tool.stop();
    run.progress = Tool::progress;
    const bool isScored = request.options.text("removal") != "none";
    const auto compared = analysis::compareMethods(question,
        isScored ? analysis::withBaselines(request.methods) : request.methods, request.options, run);
    auto step = std::make_shared<StepRecords>(*question.base->steps.front());
    json = {{"class", question.classIndex}, {"label", question.weights->label(question.classIndex)}};
    if (isScored) {
        json["removal"] = request.options.text("removal");
        json["removal_steps"] = request.options.count("removal_steps");
    }
    for (const analysis::ComparedMap& one : compared.maps) {
        const bool isAsked = json["maps"].size() < request.methods.size();
        if (!one.map)
            throw Error("--method " + one.method->name + ": " + one.problem);
        json["maps"].push_back(rowOf(one, isAsked, isScored, question.mask.defined()));
        if (isAsked && one.method->name == "rollout")
            step->add(std::make_shared<const Record>(analysis::rollout(
                analysis::patternsOf(question, run), analysis::rolloutOptions(request.options))));
        if (isAsked)
            step->add(one.map);
    }
    json["correlations"] = rowsOf(compared.correlations);
    auto extended = std::make_shared<Trace>(*question.base);
    extended->steps = {step};
    return extended;
}

std::string textOfRelevance(const Json& relevance)
{
    const std::string number = std::to_string(relevance["class"].get<int>());
    const auto label = relevance["label"].get<std::string>();
    std::string text = "relevance for class " + number + (label == number ? "" : " (" + label + ")");
    if (!relevance.contains("removal")) {
        for (const Json& row : relevance["maps"])
            text += "\n  " + row["caption"].get<std::string>();
        return text;
    }
    text += "; patches " + analysis::removalText(analysis::removalOf(relevance["removal"].get<std::string>()))
        + "\n  deletion (low is good)  insertion (high)  rank correlation with single removals (high)";
    const bool hasMask = relevance["maps"][0].contains("iou");
    text += hasMask ? "  pointing game (high)  IoU (high)" : "";
    for (const Json& row : relevance["maps"]) {
        char line[96], mask[48] = "";
        if (hasMask)
            std::snprintf(
                mask, sizeof mask, "%8.3f %8.3f  ", row["pointing"].get<double>(), row["iou"].get<double>());
        std::snprintf(line, sizeof line, "\n  %8.4f %8.4f %8.3f  ", row["deletion"].get<double>(),
            row["insertion"].get<double>(), row["rank_correlation"].get<double>());
        text += std::string(line) + mask + row["caption"].get<std::string>();
    }
    return text;
}

}
