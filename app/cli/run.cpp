// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/relevance.h"
#include "app/cli/report.h"
#include "app/document.h"

#include "core/analysis/effect.h"
#include "core/analysis/token_fates.h"
#include "core/io/decimal.h"
#include "core/io/open_weights.h"
#include "core/io/trace_file.h"
#include "core/source/execute.h"
#include "core/tensor/error.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace fovea::app {

namespace {

/// A trace that goes to a file holds its patterns whole as long as half of the memory holds them.
std::size_t fileBudget()
{
    const long pages = sysconf(_SC_PHYS_PAGES), pageSize = sysconf(_SC_PAGESIZE);
    return static_cast<std::size_t>(std::max(pages, 1L)) * static_cast<std::size_t>(std::max(pageSize, 1L))
        / 2;
}

ExecuteOptions executeOptions(Tool& tool, const Arguments& arguments)
{
    ExecuteOptions options;
    options.pool = tool.pool();
    options.stop = tool.stop();
    options.progress = Tool::progress;
    if (arguments.has("output"))
        options.budget = std::max(options.budget, fileBudget());
    if (arguments.has("probe"))
        options.record = arguments.values("probe");
    else if (!arguments.has("output"))
        options.record = {"stages.*.keep"}; // nobody will see another record
    if (arguments.has("method"))
        options.record.push_back("*.pattern");
    return options;
}

void printRun(const Json& result)
{
    Tool::print(textOf(result["top"]));
    if (result.contains("effect")) {
        Tool::print("before the edits:");
        Tool::print(textOf(result["effect"]["before"]));
        Tool::print(
            "KL(before || after) = " + std::to_string(result["effect"]["kl"].get<double>()) + " nats");
    }
    if (result.contains("relevance"))
        Tool::print(textOfRelevance(result["relevance"]));
    if (result.contains("trace"))
        Tool::print("wrote " + result["trace"].get<std::string>());
}

struct OpenedInput {
    WeightsPtr weights;
    const Architecture* architecture;
    InputPtr file;
    ModelInput input;
};

/// A tensor is taken as it is: how a picture becomes an input need not be said, but for the methods that ask
/// what grey is.
io::OpenedWeights openFor(
    const InputData& input, Tool& tool, const Arguments& arguments, const std::string& model)
{
    io::OpenOptions options = openOptions(tool, arguments);
    try {
        return io::openWeights(model, tool.registry(), options);
    } catch (const io::OpenQuestions&) {
        if (input.picture.defined() || arguments.has("method") || options.answers.contains("preprocess"))
            throw;
        options.answers["preprocess"] = "none";
        return io::openWeights(model, tool.registry(), options);
    }
}

OpenedInput openBoth(
    Tool& tool, const Arguments& arguments, const std::string& model, const std::string& input)
{
    const InputPtr file = openInput(input);
    const io::OpenedWeights opened = openFor(*file, tool, arguments, model);
    requireFinite(model, opened.report);
    const Architecture& architecture = tool.registry().requireArchitecture(opened.weights->architecture());
    return {opened.weights, &architecture, file, prepareInput(*file, architecture, *opened.weights, model)};
}

std::vector<double> decimals(const Tensor& logits)
{
    std::vector<double> all(static_cast<std::size_t>(logits.count()));
    std::ranges::transform(logits.values<float>(), all.begin(), io::decimal);
    return all;
}

/// A model run as it is, and once more under the edits when there are any.
struct Runs {
    TracePtr base, trace;
    double seconds = 0; ///< of the first
    std::vector<std::string> withoutEffect;
};

Runs runBoth(const OpenedInput& opened, const std::vector<Edit>& edits, const std::string& output,
    ExecuteOptions options)
{
    Runs runs;
    const auto begin = std::chrono::steady_clock::now();
    runs.base = runs.trace = execute(*opened.architecture, *opened.weights, opened.input.values, options);
    runs.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (edits.empty())
        return runs;
    options.edits = edits;
    options.patches = [&](const std::string& file) {
        requireOther(output, {file});
        return io::readTrace(file);
    };
    options.base = runs.base;
    options.withoutEffect = &runs.withoutEffect;
    runs.trace = execute(*opened.architecture, *opened.weights, opened.input.values, options);
    return runs;
}

/// What the edits did, as keys of the result.
Json effectOf(const Runs& runs, const Weights& weights)
{
    const auto effect = analysis::effectOf(runs.base->output, runs.trace->output);
    return {{"edits", runs.trace->provenance.edits},
        {"effect",
            {{"before", topClasses(runs.base->output, weights)}, {"logit_difference", effect.logit},
                {"probability_difference", effect.probability}, {"kl", effect.kl}}},
        {"without_effect", runs.withoutEffect}};
}

/// The answer is made of the class token alone.
void sayWhatIsEmpty(const Trace& trace)
{
    const auto fates = analysis::tokenFates(trace);
    if (fates && fates->emptiedBy() < fates->groupCount())
        Tool::say("fovea: group " + std::to_string(fates->emptiedBy())
            + " drops every patch: the class token goes on alone");
}

void save(const Trace& trace, const std::string& output, std::size_t budget, const StopToken& stop)
{
    io::writeTrace(output, trace, stop);
    for (const std::string& path : trace.leftOut)
        Tool::say("fovea: " + output + ": signal '" + path + "' is left out: more than "
            + std::to_string(budget >> 20) + " MiB of attention; --probe asks for fewer");
}

}

void runRun(Tool& tool, const Arguments& arguments)
{
    const std::string modelPath = arguments.required(0, "a weights file");
    const std::string inputPath = arguments.required(1, "an input: a picture, .npy or .h5");
    const std::string output = arguments.value("output");
    requireOther(output, {modelPath, inputPath});
    requireHdf5Name(output);
    const RelevanceRequest request = relevanceRequest(arguments);
    std::vector<Edit> edits;
    for (const std::string& text : arguments.values("edit"))
        edits.push_back(Edit::parse(text));

    const OpenedInput opened = openBoth(tool, arguments, modelPath, inputPath);
    const Weights& weights = *opened.weights;
    requireSignals(arguments.values("probe"), opened.architecture->signalInfos(weights.config()), "model");
    ExecuteOptions options = executeOptions(tool, arguments);
    options.inputHash = opened.file->hash;
    const Runs runs = runBoth(opened, edits, output, options);
    TracePtr trace = runs.trace;
    sayWhatIsEmpty(*trace);
    Json relevance;
    if (!request.methods.empty()) {
        const int classIndex = analysis::classNamed(request.className, weights, trace->output);
        trace = withRelevance(tool, request,
            {opened.architecture, &weights, trace, classIndex, opened.input.maskOf(weights.label(classIndex)),
                opened.input.othersThan(weights.label(classIndex))},
            relevance);
        relevance["sanity_command"] = sanityCommand(arguments, modelPath, weights);
    }

    Json result{{"model", modelPath}, {"architecture", weights.architecture()}, {"input", inputPath},
        {"seconds", runs.seconds}, {"top", topClasses(trace->output, weights)},
        {"logits", decimals(analysis::answerOf(trace->output))}};
    if (!edits.empty())
        result.update(effectOf(runs, weights));
    for (const std::string& edit : runs.withoutEffect)
        Tool::say("fovea: edit '" + edit + "' changed no number");
    if (!relevance.is_null())
        result["relevance"] = relevance;
    if (!output.empty()) {
        save(*trace, output, options.budget, tool.stop());
        result.update({{"trace", output}, {"left_out", trace->leftOut}});
    }
    if (arguments.has("json"))
        Tool::printJson(result);
    else
        printRun(result);
}

}
