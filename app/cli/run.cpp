// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/report.h"
#include "app/document.h"

#include "core/analysis/effect.h"
#include "core/analysis/rollout.h"
#include "core/io/open_weights.h"
#include "core/io/trace_file.h"
#include "core/source/execute.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <chrono>

namespace fovea::app {

namespace {

ExecuteOptions executeOptions(Tool& tool, const Arguments& arguments)
{
    ExecuteOptions options;
    options.pool = tool.pool();
    options.stop = tool.stop();
    options.progress = Tool::progress;
    if (arguments.has("probe"))
        options.record = arguments.values("probe");
    else if (!arguments.has("output"))
        options.record = {}; // nobody will see a record
    if (arguments.has("method"))
        options.record.push_back("*.pattern");
    return options;
}

/// A pattern that names no signal would record nothing in silence.
void requireSignals(const std::vector<std::string>& patterns, const std::vector<SignalInfo>& declared)
{
    for (const std::string& pattern : patterns)
        if (std::ranges::none_of(declared, [&](const auto& signal) { return matches(pattern, signal.path); }))
            throw UsageError(
                "--probe '" + pattern + "' names no signal of this model; `fovea info` lists them");
}

EditPlan::PatchSource patchSource(const Arguments& arguments)
{
    std::map<std::string, TracePtr> traces;
    for (const std::string& text : arguments.values("patch")) {
        const auto [name, file] = splitSetting("patch", text);
        traces[name] = io::readTrace(file);
    }
    return [traces](const std::string& name) {
        const auto found = traces.find(name);
        return found == traces.end() ? nullptr : found->second;
    };
}

/// The trace with the record of a method added.
TracePtr withMethod(const TracePtr& trace, const std::string& method)
{
    if (method.empty())
        return trace;
    if (method != "rollout")
        throw UsageError("--method: there is rollout, not '" + method + "'");
    auto step = std::make_shared<StepRecords>(*trace->steps.front());
    step->add(std::make_shared<const Record>(analysis::rollout(analysis::patternsOf(*trace))));
    auto extended = std::make_shared<Trace>(*trace);
    extended->steps = {step};
    return extended;
}

Json effectJson(const Trace& before, const Trace& after, const Weights& weights)
{
    const auto effect = analysis::effectOf(before.output, after.output);
    return {{"before", topClasses(before.output, weights)}, {"logit_difference", effect.logit},
        {"probability_difference", effect.probability}, {"kl", effect.kl}};
}

void printText(const Json& result)
{
    Tool::print(textOf(result["top"]));
    if (result.contains("effect")) {
        Tool::print("before the edits:");
        Tool::print(textOf(result["effect"]["before"]));
        Tool::print(
            "KL(before || after) = " + std::to_string(result["effect"]["kl"].get<double>()) + " nats");
    }
    if (result.contains("trace"))
        Tool::print("wrote " + result["trace"].get<std::string>());
}

}

void runRun(Tool& tool, const Arguments& arguments)
{
    const std::string modelPath = arguments.required(0, "a weights file");
    const std::string inputPath = arguments.required(1, "an input: a picture, .npy or .h5");
    std::vector<Edit> edits;
    for (const std::string& text : arguments.values("edit"))
        edits.push_back(Edit::parse(text));

    io::OpenOptions opening;
    opening.answers = settings(arguments);
    opening.stop = tool.stop();
    const io::OpenedWeights opened = io::openWeights(modelPath, tool.registry(), opening);
    requireSound(modelPath, opened.report);
    const WeightsPtr weights = opened.weights;
    const Architecture& architecture = tool.registry().requireArchitecture(weights->architecture());
    const ModelInput input = prepareInput(*openInput(inputPath), architecture, *weights);

    const ExecuteOptions options = executeOptions(tool, arguments);
    requireSignals(arguments.values("probe"), architecture.signalInfos(weights->config()));
    const auto begin = std::chrono::steady_clock::now();
    const TracePtr base = execute(architecture, *weights, input.values, options);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    TracePtr trace = base;
    std::vector<std::string> withoutEffect;
    if (!edits.empty()) {
        ExecuteOptions edited = options;
        edited.edits = edits;
        edited.patches = patchSource(arguments);
        edited.base = base;
        edited.withoutEffect = &withoutEffect;
        trace = execute(architecture, *weights, input.values, edited);
    }
    trace = withMethod(trace, arguments.value("method"));

    Json result{{"model", modelPath}, {"architecture", weights->architecture()}, {"input", inputPath},
        {"seconds", seconds}, {"top", topClasses(trace->output, *weights)},
        {"logits", trace->output.toDoubles()}};
    if (!edits.empty()) {
        result["edits"] = trace->provenance.edits;
        result["effect"] = effectJson(*base, *trace, *weights);
        result["without_effect"] = withoutEffect;
        for (const std::string& edit : withoutEffect)
            Tool::say("fovea: edit '" + edit + "' changed no number");
    }
    if (arguments.has("output")) {
        io::writeTrace(arguments.value("output"), *trace, tool.stop());
        result["trace"] = arguments.value("output");
    }
    if (arguments.has("json"))
        Tool::printJson(result);
    else
        printText(result);
}

}
