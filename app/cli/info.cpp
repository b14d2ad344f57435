// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/report.h"
#include "app/document.h"

#include "widgets/session/session_file.h"

#include "core/io/describe.h"
#include "core/io/input_file.h"
#include "core/io/open_weights.h"
#include "core/io/preprocess_json.h"
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
    Json info{{"format", "weights"}, {"naming", document.naming}, {"architecture", weights.architecture()},
        {"sha256", weights.parts().hash}, {"parameters", weights.parameterCount()},
        {"config", Json::parse(weights.config().json())},
        {"preprocess", Json::parse(io::toJson(weights.parts().preprocess))},
        {"labels", weights.parts().labels}, {"has_reference", weights.parts().reference.input.defined()},
        {"blocks", architecture.blocks(weights.config())}, {"signals", declared},
        {"tensors", tensorRows(document.tensors)}};
    if (!weights.parts().training.empty())
        info["training"] = Json::parse(weights.parts().training, nullptr, false);
    return info;
}

/// A file that was recognised and cannot be opened: what became of its tensors, what is to be asked.
Json recognitionInfo(const io::Recognition& found)
{
    Json questions = Json::array();
    for (const Field& field : found.questions)
        questions.push_back({{"field", field.name}, {"help", field.help}, {"choices", field.choices}});
    return {{"format", found.naming == "fovea" ? "weights" : "foreign weights"}, {"naming", found.naming},
        {"architecture", found.architecture}, {"questions", questions},
        {"tensors", tensorRows(found.report)}};
}

Json traceInfo(const Trace& trace)
{
    Json records = Json::array();
    if (!trace.steps.empty())
        for (const RecordPtr& record : trace.steps.front()->all())
            records.push_back(outlineOf(*record));
    return {{"format", "trace"}, {"source", trace.provenance.source},
        {"config", Json::parse(trace.provenance.config, nullptr, false)},
        {"weights_sha256", trace.provenance.weightsHash}, {"input_sha256", trace.provenance.inputHash},
        {"seed", trace.provenance.seed}, {"edits", trace.provenance.edits}, {"left_out", trace.leftOut},
        {"steps", trace.steps.size()}, {"records", records}};
}

Json inputInfo(const InputData& input)
{
    const Tensor& tensor = input.picture.defined() ? input.picture : input.values;
    return {{"format", input.picture.defined() ? "picture" : "tensor"}, {"sha256", input.hash},
        {"type", nameOf(tensor.dtype())}, {"shape", extentsOf(tensor.shape())}};
}

Json referenceInfo(const FileReference& file) { return {{"path", file.path}, {"sha256", file.hash}}; }

Json sessionInfo(const SessionFile& session)
{
    Json edits = Json::array();
    for (const Edit& edit : session.edits)
        edits.push_back(edit.text());
    return {{"format", "session"}, {"model", referenceInfo(session.model)},
        {"input", referenceInfo(session.input)}, {"edits", edits}};
}

/// Of a file that could not be opened as what it is: what its header says.
Json outlineInfo(const io::FileOutline& outline)
{
    Json facts = Json::object(), tensors = Json::array();
    for (const auto& [name, value] : outline.facts)
        facts[name] = value;
    for (const io::StoredTensor& tensor : outline.tensors)
        tensors.push_back(
            {{"name", tensor.name}, {"type", io::nameOf(tensor.type)}, {"shape", extentsOf(tensor.shape)}});
    return {{"format", io::nameOf(outline.kind)}, {"facts", facts}, {"tensors", tensors}};
}

struct Findings {
    Json info;
    std::string problem; ///< why it cannot be used as it is
};

Findings findingsOn(const Registry& registry, const std::string& path, const io::OpenOptions& options)
{
    if (path.ends_with(".fovea"))
        return {sessionInfo(readSessionFile(QString::fromStdString(path))), {}};
    Document document;
    try {
        document = openDocument(registry, path, options);
    } catch (const io::OpenQuestions& error) {
        return {recognitionInfo(error.found), withAdvice(error)};
    } catch (const io::NotOpened& error) {
        return {recognitionInfo(error.found), error.what()};
    } catch (const UsageError&) {
        throw;
    } catch (const Error& error) {
        const io::FileOutline outline = io::describe(path);
        if (outline.tensors.empty())
            throw;
        return {outlineInfo(outline), error.what()};
    }
    if (!document.weights)
        return {document.trace ? traceInfo(*document.trace) : inputInfo(*document.input), {}};
    try {
        requireFinite(path, document.tensors);
    } catch (const Error& error) {
        return {weightsInfo(document, registry), error.what()};
    }
    return {weightsInfo(document, registry), {}};
}

/// Everything but the long tables, a line each.
void printText(const std::string& path, const Json& info)
{
    Tool::print(path);
    for (const auto& [name, value] : info.items())
        if (name != "tensors" && name != "problem" && name != "signals" && name != "records"
            && name != "labels" && name != "blocks" && name != "questions")
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
    if (info.contains("facts"))
        for (const auto& tensor : info["tensors"])
            Tool::print("  tensor " + tensor["name"].get<std::string>() + "  "
                + tensor["type"].get<std::string>() + " " + tensor["shape"].dump());
    else if (info.contains("tensors"))
        Tool::print(textOfTensors(info["tensors"]));
}

}

void runInfo(Tool& tool, const Arguments& arguments)
{
    const std::string path = arguments.required(0, "a file");
    const io::InputFile file(path); // says what is wrong with a file that cannot be read at all
    Findings found = findingsOn(tool.registry(), path, openOptions(tool, arguments));
    if (!found.problem.empty())
        found.info["problem"] = found.problem;
    if (arguments.has("json"))
        Tool::printJson(found.info);
    else
        printText(path, found.info);
    if (!found.problem.empty())
        throw Error(found.problem);
}

}
