// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/report.h"
#include "app/picture_file.h"

#include "core/analysis/cost_accuracy.h"
#include "core/io/atomic_file.h"
#include "core/tensor/error.h"
#include "core/train/study_pictures.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>

namespace fovea::app {

namespace {

using analysis::CostAnswer;
using analysis::CostContender;

/// A model of the line.
struct Named {
    std::string name, file;
};

/// NAME=FILE, or a file, which is called by its stem.
Named namedFile(const std::string& word)
{
    const std::size_t sign = word.find('=');
    const auto isOfName = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; };
    const bool isNamed = sign != std::string::npos && sign > 0
        && std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(sign), isOfName);
    if (isNamed)
        return {word.substr(0, sign), word.substr(sign + 1)};
    return {std::filesystem::path(word).stem().string(), word};
}

std::vector<Named> namedFiles(const Arguments& arguments)
{
    std::vector<Named> models;
    for (const QString& word : arguments.positional) {
        models.push_back(namedFile(word.toStdString()));
        const auto same = [&](const Named& other) { return other.name == models.back().name; };
        if (std::any_of(models.begin(), models.end() - 1, same))
            throw UsageError(
                "cost: two models are called '" + models.back().name + "'; NAME=W.h5 gives one another name");
    }
    return models;
}

/// Throws Error unless the model takes the pictures that the first one takes.
void requireSamePictures(const Named& model, const CostContender& of, const CostContender& first)
{
    const Shape own = of.architecture->inputShape(of.weights->config());
    const Shape wanted = first.architecture->inputShape(first.weights->config());
    if (own != wanted)
        throw Error(model.file + ": expected inputs " + wanted.text() + ", as the first model has, found "
            + own.text());
    if (!(of.weights->parts().preprocess == first.weights->parts().preprocess))
        throw Error(model.file + ": its pictures are prepared otherwise than the first model's");
}

std::vector<CostContender> opened(Tool& tool, const Arguments& arguments, const std::vector<Named>& models)
{
    std::vector<CostContender> contenders;
    for (const Named& model : models) {
        const io::OpenedWeights file
            = io::openWeights(model.file, tool.registry(), openOptions(tool, arguments));
        requireFinite(model.file, file.report);
        contenders.push_back({model.name, analysis::nan, analysis::nan,
            &tool.registry().requireArchitecture(file.weights->architecture()), file.weights});
        requireSamePictures(model, contenders.back(), contenders.front());
    }
    return contenders;
}

/// A line for each picture and model. `speed` is the first model's time for the picture over the model's own.
std::string csvOf(const analysis::CostAnswers& answers, const std::vector<Named>& models)
{
    std::string text = "picture,model,right,logit,macs,milliseconds,speed,kept,iou,kept_blank\n";
    for (std::size_t i = 0; i < answers.picture.size(); ++i)
        for (std::size_t k = 0; k < models.size(); ++k) {
            const CostAnswer& own = answers.of[k][i];
            text += std::to_string(answers.picture[i]) + "," + models[k].name;
            for (const double value : {own.right, own.logit, own.macs, own.milliseconds,
                     answers.of.front()[i].milliseconds / own.milliseconds, own.kept, own.iou, own.blank})
                text += "," + csvNumber(value);
            text += "\n";
        }
    return text;
}

Json rowsOf(const std::vector<analysis::CostPoint>& points, const std::vector<CostContender>& contenders,
    const std::vector<Named>& models)
{
    Json rows = Json::array();
    for (std::size_t k = 0; k < models.size(); ++k) {
        const analysis::CostPoint& point = points[k];
        rows.push_back({{"name", models[k].name}, {"file", models[k].file},
            {"architecture", contenders[k].weights->architecture()}, {"macs", point.macs},
            {"milliseconds", point.milliseconds}, {"speed", points.front().milliseconds / point.milliseconds},
            {"accuracy", estimateJson(point.accuracy)}, {"gain", estimateJson(point.gain)},
            {"logit", estimateJson(point.logit)}, {"kept", estimateJson(point.kept)},
            {"iou", estimateJson(point.iou)}, {"kept_blank", estimateJson(point.blank)}});
    }
    return rows;
}

std::string costText(const Json& result)
{
    std::string text
        = "model                MMAC       ms  speed  accuracy [95 %]            gain [95 %]             "
          "kept    IoU";
    const auto percent
        = [](const Json& estimate, const char* key) { return 100 * estimate[key].get<double>(); };
    for (const Json& row : result["models"]) {
        char line[200];
        std::snprintf(line, sizeof line,
            "\n%-16s %8.2f %8.3f %6.2f  %5.2f [%5.2f, %5.2f]  %+6.2f [%+6.2f, %+6.2f]",
            row["name"].get<std::string>().c_str(), row["macs"].get<double>() / 1e6,
            row["milliseconds"].get<double>(), row["speed"].get<double>(), percent(row["accuracy"], "mean"),
            percent(row["accuracy"], "low"), percent(row["accuracy"], "high"), percent(row["gain"], "mean"),
            percent(row["gain"], "low"), percent(row["gain"], "high"));
        text += line;
        for (const char* key : {"kept", "iou"}) {
            const double value = row[key]["mean"].get<double>();
            std::snprintf(line, sizeof line, "  %.3f", value);
            text += std::isnan(value) ? "      -" : line;
        }
    }
    return text;
}

}

void runCost(Tool& tool, const Arguments& arguments)
{
    arguments.required(0, "a weights file");
    const std::vector<Named> models = namedFiles(arguments);
    const std::string output = arguments.value("output");
    std::vector<std::string> read{arguments.value("data")};
    for (const Named& model : models)
        read.push_back(model.file);
    requireOther(output, read);
    if (!arguments.has("data"))
        throw UsageError("cost: expected --data, as in --data shapes");
    const auto contenders = opened(tool, arguments, models);
    if (!output.empty())
        const io::AtomicFile canBeWritten(output); // said now, not after the work
    const std::string asked = train::dataFor(*contenders.front().weights, arguments.value("data"));
    const train::DataSetPtr data = train::openDataSet(asked, {readPicture, tool.stop()});
    ExecuteOptions run;
    run.pool = tool.pool();
    run.stop = tool.stop();
    const auto pictures = train::studyPictures(*data, *contenders.front().architecture,
        *contenders.front().weights, static_cast<Index>(arguments.number("first", 0, 0, 1'000'000'000)),
        static_cast<Index>(arguments.number("count", 1000, 1, 100'000)), run);
    run.progress = Tool::progress;
    const auto answers = analysis::costAnswers(
        contenders, pictures, {.keptPictures = static_cast<Index>(pictures.size())}, run);
    Json result{{"data", asked}, {"pictures", answers.picture.size()}, {"threads", tool.pool()->threads()},
        {"blank", answers.blank},
        {"models", rowsOf(analysis::costPoints(contenders, answers), contenders, models)}};
    if (!output.empty()) {
        io::writeFile(output, csvOf(answers, models));
        result["file"] = output;
    }
    if (arguments.has("json"))
        return Tool::printJson(result);
    Tool::print(costText(result));
    if (!output.empty())
        Tool::print("wrote " + output);
}

}
