// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/report.h"
#include "app/document.h"

#include "widgets/session/session_file.h"

#include "core/io/input_file.h"
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

/// Everything but the long tables, a line each.
void printText(const std::string& path, const Json& info)
{
    Tool::print(path);
    for (const auto& [name, value] : info.items())
        if (name != "tensors" && name != "signals" && name != "records" && name != "labels"
            && name != "blocks")
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
    } else if (const Document document = openDocument(tool.registry(), path); document.weights) {
        info = weightsInfo(document, tool.registry());
    } else {
        info = document.trace ? traceInfo(*document.trace) : inputInfo(*document.input);
    }
    if (arguments.has("json"))
        Tool::printJson(info);
    else
        printText(path, info);
}

}
