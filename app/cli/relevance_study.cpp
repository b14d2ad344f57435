// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/relevance_study.h"

#include "app/cli/commands.h"
#include "app/cli/relevance.h"
#include "app/cli/report.h"
#include "app/picture_file.h"
#include "app/sanity.h"

#include "core/analysis/randomised_weights.h"
#include "core/io/atomic_file.h"
#include "core/io/decimal.h"
#include "core/train/study_pictures.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace fovea::app {

namespace {

using analysis::RelevanceMethod;
using analysis::SanityStudy;
using analysis::StudyPicture;

Json resultRows(const std::vector<analysis::StudyResult>& results)
{
    Json rows = Json::array();
    for (const analysis::StudyResult& result : results) {
        Json row{{"method", result.method->name}, {"measure", analysis::measureName(result.measure)},
            {"count", result.mean.count}};
        row.update(estimateJson(result.mean));
        for (const auto& [baseline, difference] : result.over)
            row["over"][baseline] = estimateJson(difference);
        rows.push_back(row);
    }
    return rows;
}

Json sanityRow(const analysis::Sanity& sanity)
{
    Json stages = Json::array();
    for (const analysis::SanityStage& stage : sanity.stages)
        stages.push_back(
            {{"block", stage.block}, {"correlation", stage.correlation}, {"fails", stage.fails}});
    return {{"method", sanity.method}, {"between_pictures", sanity.betweenPictures},
        {"largest", sanity.mostLeft()}, {"fails", sanity.fails()}, {"stages", stages}};
}

/// A line for each picture, object of it and method. `picture` is the sample's number in the test split.
std::string csvOf(const std::vector<analysis::StudyRow>& rows, const std::vector<StudyPicture>& pictures,
    const std::vector<const RelevanceMethod*>& methods)
{
    std::string text = "picture,object,class,method";
    for (std::size_t m = 0; m < analysis::measureCount; ++m)
        text += "," + analysis::measureName(static_cast<analysis::Measure>(m));
    text += "\n";
    int object = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        object = i > 0 && rows[i].sample == rows[i - 1].sample ? object + 1 : 0;
        for (std::size_t m = 0; m < methods.size(); ++m) {
            text += std::to_string(rows[i].sample) + "," + std::to_string(object) + ","
                + std::to_string(pictures[i].classIndex) + "," + methods[m]->name;
            for (const double value : rows[i].values[m])
                text += "," + csvNumber(value);
            text += "\n";
        }
    }
    return text;
}

/// "-" for what is not known: the difference of a baseline to itself, the interval of one picture.
std::string cellOf(const char* format, double value)
{
    char text[32];
    std::snprintf(text, sizeof text, format, value);
    return std::isnan(value) ? "-" : text;
}

std::string lineOfStudy(const Json& row)
{
    const bool hasRandom = row.contains("over") && row["over"].contains("random");
    const auto number = [](const Json& estimate, const char* which, const char* format) {
        return cellOf(format, estimate.contains(which) ? estimate[which].get<double>() : NAN);
    };
    const auto numbers = [&](const Json& estimate, const char* format) {
        const std::string low = number(estimate, "low", format);
        return number(estimate, "mean", format)
            + (low == "-" ? "" : " [" + low + ", " + number(estimate, "high", format) + "]");
    };
    char line[160];
    std::snprintf(line, sizeof line, "\n%-16s %-17s %-25s %s", row["method"].get<std::string>().c_str(),
        row["measure"].get<std::string>().c_str(), numbers(row, "%.4f").c_str(),
        numbers(hasRandom ? row["over"]["random"] : Json::object(), "%+.4f").c_str());
    return line;
}

std::string textOfStudy(const Json& result)
{
    std::string text = "method           measure           mean [95 % interval]      minus random";
    for (const Json& row : result["results"])
        text += lineOfStudy(row);
    for (const Json& row : result.value("sanity", Json::array())) {
        text += "\n" + row["method"].get<std::string>() + ", rank correlation with random weights:";
        for (const Json& stage : row["stages"]) {
            char part[96];
            std::snprintf(part, sizeof part, " %s %.2f%s", stage["block"].get<std::string>().c_str(),
                stage["correlation"].get<double>(), stage["fails"].get<bool>() ? " FAILS" : "");
            text += part;
        }
        text += "; between pictures " + cellOf("%.2f", row["between_pictures"].get<double>());
    }
    return text;
}

/// What cannot be remembered is said, and the results stand all the same.
void remember(io::SanityMemory& memory, const analysis::KnownSanity& found)
{
    try {
        memory.remember(found);
    } catch (const Error& error) {
        Tool::say(std::string("fovea: not remembered: ") + error.what());
    }
}

ExecuteOptions runWith(Tool& tool)
{
    ExecuteOptions run;
    run.pool = tool.pool();
    run.stop = tool.stop();
    return run;
}

std::vector<analysis::StudyRow> study(Tool& tool, const Architecture& architecture, const Weights& weights,
    const std::vector<StudyPicture>& pictures, const std::vector<const RelevanceMethod*>& methods,
    const Config& options)
{
    std::vector<analysis::StudyRow> rows;
    for (const StudyPicture& picture : pictures) {
        rows.push_back(
            analysis::studyPicture(architecture, weights, picture, methods, options, runWith(tool)));
        Tool::progress(static_cast<double>(rows.size()) / static_cast<double>(pictures.size()));
    }
    return rows;
}

/// Each result is remembered as soon as it is there.
Json sanityOf(Tool& tool, const Architecture& architecture, const Weights& weights,
    const std::vector<StudyPicture>& pictures, const RelevanceRequest& request, const SanityStudy& on)
{
    const std::vector<Tensor> inputs = train::inputsOf(pictures);
    const auto memory = sanityMemory();
    Json rows = Json::array();
    for (const RelevanceMethod* method : request.methods) {
        ExecuteOptions run = runWith(tool);
        run.progress = Tool::progress;
        analysis::SanityOptions sanity;
        sanity.draws = on.draws;
        const analysis::Sanity found
            = analysis::checkSanity(architecture, weights, inputs, *method, request.options, sanity, run);
        rows.push_back(sanityRow(found));
        remember(*memory, analysis::knownSanity(weights, *method, request.options, on, found));
    }
    return rows;
}

}

void runRelevance(Tool& tool, const Arguments& arguments)
{
    const std::string model = arguments.required(0, "a weights file");
    const std::string output = arguments.value("output");
    requireOther(output, {model, arguments.value("data")});
    if (!arguments.has("data"))
        throw UsageError("relevance: expected --data, as in --data shapes");
    if (arguments.has("draws") && !arguments.has("sanity"))
        throw UsageError("--draws: is of --sanity, which is not asked for");
    const RelevanceRequest request = relevanceRequestOfAll(arguments);
    const io::OpenedWeights opened = io::openWeights(model, tool.registry(), openOptions(tool, arguments));
    requireFinite(model, opened.report);
    if (!output.empty())
        const io::AtomicFile canBeWritten(output); // said now, not after the work
    const Weights& weights = *opened.weights;
    const Architecture& architecture = tool.registry().requireArchitecture(weights.architecture());
    const std::string asked = train::dataFor(weights, arguments.value("data"));
    const train::DataSetPtr data = train::openDataSet(asked, {readPicture, tool.stop()});
    const auto pictures = train::studyPictures(*data, architecture, weights,
        static_cast<Index>(arguments.number("first", 0, 0, 1'000'000'000)),
        static_cast<Index>(arguments.number("count", 50, 1, 100'000)), runWith(tool));

    const auto methods = analysis::withBaselines(request.methods);
    const auto rows = study(tool, architecture, weights, pictures, methods, request.options);
    Json result{{"model", model}, {"data", asked}, {"pictures", train::inputsOf(pictures).size()},
        {"objects", pictures.size()}, {"removal", request.options.text("removal")},
        {"removal_steps", request.options.count("removal_steps")},
        {"results", resultRows(analysis::studyResults(rows, methods))}};
    if (arguments.has("sanity"))
        result["sanity"] = sanityOf(tool, architecture, weights, pictures, request,
            {asked, result["pictures"], static_cast<int>(arguments.number("draws", 5, 1, 1000))});
    if (!output.empty()) {
        io::writeFile(output, csvOf(rows, pictures, methods));
        result["file"] = output;
    }
    if (arguments.has("json"))
        return Tool::printJson(result);
    Tool::print(textOfStudy(result));
    if (!output.empty())
        Tool::print("wrote " + output);
}

}
