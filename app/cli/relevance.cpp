// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/relevance.h"

#include "app/cli/report.h"
#include "app/sanity.h"

#include "core/analysis/method_comparison.h"
#include "core/analysis/rollout.h"
#include "core/tensor/error.h"
#include "core/train/study_pictures.h"

#include <algorithm>

namespace fovea::app {

namespace {

using analysis::RelevanceMethod;
using analysis::RelevanceQuestion;

/// An option NAME=VALUE that says how far random orders of one picture reach. A study says how far a method
/// is from random order over all of its pictures.
bool isOfOnePicture(const std::string& option) { return option.starts_with("random_draws="); }

/// Of a method's options, of a baseline's, which every table has, or of the numbers beside a map.
void requireRead(const std::string& option, const RelevanceRequest& request)
{
    const auto reads = [&](const RelevanceMethod* method) {
        return std::ranges::find(method->fields, option) != method->fields.end();
    };
    const auto methods = analysis::withBaselines(request.methods);
    if (!option.starts_with("removal") && option != "random_draws" && std::ranges::none_of(methods, reads))
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

/// null: not measured.
Json jsonOf(const std::optional<analysis::KnownSanity>& sanity)
{
    if (!sanity)
        return nullptr;
    return {{"largest", sanity->largest}, {"between_pictures", sanity->betweenPictures},
        {"fails", sanity->fails()}, {"data", sanity->on.data}, {"pictures", sanity->on.pictures},
        {"draws", sanity->on.draws}, {"text", sanity->text()}};
}

/// The numbers that a map and the ends of the range of random orders have.
Json numbersOf(const analysis::MethodComparison& compared, const analysis::RelevanceScores& scores)
{
    Json row = Json::object();
    if (compared.patches > 0) {
        row["deletion"] = scores.deletion;
        row["insertion"] = scores.insertion;
        row["rank_correlation"] = scores.rank;
    }
    if (compared.hasMask) {
        row["pointing"] = scores.mask.pointing;
        row["iou"] = scores.mask.iou;
    }
    if (compared.hasOthers)
        row["pointing_others"] = scores.others;
    return row;
}

Json rowOf(const analysis::MethodComparison& compared, const analysis::ComparedMap& one, bool isAsked)
{
    Json row{{"method", one.method->name}, {"caption", one.map->info.help}, {"baseline", !isAsked}};
    row.update(numbersOf(compared, one.scores));
    if (compared.patches > 0) {
        row["rank_low"] = one.scores.rankLow;
        row["rank_high"] = one.scores.rankHigh;
    }
    row["sanity"] = jsonOf(one.sanity);
    return row;
}

Json jsonOf(const analysis::MethodComparison& compared, const analysis::RandomRange& random)
{
    return {{"draws", random.draws}, {"share", random.share}, {"low", numbersOf(compared, random.low)},
        {"high", numbersOf(compared, random.high)}};
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
    if (std::ranges::any_of(arguments.values("option"), isOfOnePicture))
        throw UsageError(
            "--option random_draws: is of one picture, as in fovea run; here every difference to "
            "random order has its interval over the pictures");
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
    auto compared = analysis::compareMethods(question,
        isScored ? analysis::withBaselines(request.methods) : request.methods, request.options, run);
    analysis::addSanity(compared, *question.weights, request.options, knownSanity());
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
        json["maps"].push_back(rowOf(compared, one, isAsked));
        if (isAsked && one.method->name == "rollout")
            step->add(std::make_shared<const Record>(analysis::rollout(
                analysis::patternsOf(question, run), analysis::rolloutOptions(request.options))));
        if (isAsked)
            step->add(one.map);
    }
    if (compared.random)
        json["random_range"] = jsonOf(compared, *compared.random);
    json["correlations"] = rowsOf(compared.correlations);
    auto extended = std::make_shared<Trace>(*question.base);
    extended->steps = {step};
    return extended;
}

std::string sanityCommand(const Arguments& arguments, const std::string& model, const Weights& weights)
{
    const auto quoted = [](const std::string& word) {
        return word.find_first_of(" '\"$&;<>()*?\\") == std::string::npos ? word : "\"" + word + "\"";
    };
    std::string command = "fovea relevance " + quoted(model) + " --data " + quoted(train::usualData(weights));
    for (const char* option : {"set", "option"})
        for (const std::string& value : arguments.values(option))
            if (!isOfOnePicture(value))
                command += std::string(" --") + option + " " + quoted(value);
    return command + " --sanity";
}

std::vector<analysis::KnownSanity> knownSanity()
{
    const io::SanityMemory::Known known = sanityMemory()->known();
    for (const std::string& problem : known.problems)
        Tool::say("fovea: " + problem);
    return known.rows;
}

}
