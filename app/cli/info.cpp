// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/report.h"
#include "app/document.h"

#include "widgets/session/session_file.h"

#include "core/io/input_file.h"
#include "core/io/open_weights.h"
#include "core/io/trace_file.h"
#include "core/tensor/error.h"

namespace fovea::app {

namespace {

Json weightsInfo(const Document& document, const Registry& registry)
{
    const Weights& weights = *document.weights;
    const Architecture& architecture = registry.requireArchitecture(weights.architecture());
    Json declared = Json::array();
    for (const SignalInfo& signal : architecture.signalInfos(weights.config()))
        declared.push_back({{"path", signal.path}, {"kind", nameOf(signal.kind)}, {"role", signal.role}});
    const Preprocess& how = weights.parts().preprocess;
    return {{"format", "weights"}, {"naming", document.naming}, {"architecture", weights.architecture()},
        {"sha256", weights.parts().hash}, {"parameters", weights.parameterCount()},
        {"config", Json::parse(weights.config().json())},
        {"preprocess",
            {{"size", how.size}, {"crop", how.crop}, {"mean", how.mean}, {"std", how.std},
                {"interpolation", how.interpolation}}},
        {"labels", weights.parts().labels}, {"has_reference", weights.parts().reference.input.defined()},
        {"blocks", architecture.blocks(weights.config())}, {"signals", declared},
        {"tensors", tensorRows(document.tensors)}};
}

/// A foreign file of which not enough is known to open it.
Json questionsInfo(const io::Recognition& found)
{
    Json questions = Json::array();
    for (const Field& field : found.questions)
        questions.push_back({{"field", field.name}, {"help", field.help}, {"choices", field.choices}});
    return {{"format", "foreign weights"}, {"naming", found.naming}, {"architecture", found.architecture},
        {"questions", questions}, {"tensors", tensorRows(found.report)}};
}

Json traceInfo(const Trace& trace)
{
    Json records = Json::array();
    if (!trace.steps.empty())
        for (const RecordPtr& record : trace.steps.front()->all())
            records.push_back(outlineOf(*record));
    return {{"format", "trace"}, {"source", trace.provenance.source},
        {"config", Json::parse(trace.provenance.config, nullptr, false)},
        {"weights_sha256", trace.provenance.weightsHash}, {"seed", trace.provenance.seed},
        {"edits", trace.provenance.edits}, {"steps", trace.steps.size()}, {"records", records}};
}

Json inputInfo(const InputData& input)
{
    const Tensor& tensor = input.picture.defined() ? input.picture : input.values;
    return {{"format", input.picture.defined() ? "picture" : "tensor"}, {"sha256", input.hash},
        {"type", nameOf(tensor.dtype())}, {"shape", extentsOf(tensor.shape())}};
}

Json documentInfo(Tool& tool, const std::string& path, const Answers& answers)
{
    try {
        const Document document = openDocument(tool.registry(), path, answers);
        if (document.weights)
            return weightsInfo(document, tool.registry());
        return document.trace ? traceInfo(*document.trace) : inputInfo(*document.input);
    } catch (const io::OpenQuestions& questions) {
        return questionsInfo(questions.found);
    }
}

/// Everything but the long tables, a line each.
void printText(const std::string& path, const Json& info)
{
    Tool::print(path);
    for (const auto& [name, value] : info.items())
        if (name != "tensors" && name != "signals" && name != "records" && name != "labels"
            && name != "blocks" && name != "questions")
            Tool::print("  " + name + ": " + (value.is_string() ? value.get<std::string>() : value.dump()));
    if (info.contains("labels") && !info["labels"].empty())
        Tool::print("  labels: " + info["labels"].dump());
    if (info.contains("signals"))
        for (const auto& signal : info["signals"])
            Tool::print(
                "  signal " + signal["path"].get<std::string>() + "  " + signal["kind"].get<std::string>());
    if (info.contains("records"))
        for (const auto& record : info["records"])
            Tool::print("  record " + record["path"].get<std::string>() + "  "
                + record["kind"].get<std::string>() + " " + record["shape"].dump());
    if (info.contains("questions"))
        for (const auto& question : info["questions"])
            Tool::print("  not told, say it with --set " + question["field"].get<std::string>()
                + "=...: " + question["help"].get<std::string>() + " " + question["choices"].dump());
    if (info.contains("tensors"))
        Tool::print(textOfTensors(info["tensors"]));
}

}

void runInfo(Tool& tool, const Arguments& arguments)
{
    const std::string path = arguments.required(0, "a file");
    const io::InputFile file(path);
    Json info;
    if (path.ends_with(".fovea")) {
        readSessionFile(QString::fromStdString(path)); // says what is wrong with it
        info = Json::parse(io::readText(path, std::uint64_t{16} << 20), nullptr, false);
    } else {
        info = documentInfo(tool, path, settings(arguments));
    }
    if (arguments.has("json"))
        Tool::printJson(info);
    else
        printText(path, info);
}

}
