// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/execute_backward.h"

#include "core/source/execute_checks.h"
#include "core/source/stored_filters.h"
#include "core/source/token_input.h"
#include "core/trace/patterns.h"

#include <algorithm>

namespace fovea {

namespace {

/// Every pattern must match one of `names`.
void requireKnown(
    const std::vector<std::string>& patterns, const std::vector<std::string>& names, const std::string& what)
{
    for (const std::string& pattern : patterns)
        if (std::ranges::none_of(names, [&](const std::string& name) { return matches(pattern, name); }))
            throw UsageError("gradients: '" + pattern + "' names no " + what + " of this model");
}

template <class Infos, class Member>
std::vector<std::string> namesOf(const Infos& infos, Member member)
{
    std::vector<std::string> names;
    for (const auto& info : infos)
        names.push_back(info.*member);
    return names;
}

/// What is declared, and the gradients asked for after it.
std::vector<SignalInfo> withGradients(
    const std::vector<SignalInfo>& signals, const std::vector<std::string>& patterns)
{
    std::vector<SignalInfo> all = signals;
    for (SignalInfo info : signals)
        if (matchesAny(patterns, info.path)) {
            info.role = "gradient of " + (info.role.empty() ? info.path : info.role);
            info.help = "how much the output would rise with it, to first order";
            info.path = "grad." + info.path;
            info.unit = {};
            all.push_back(std::move(info));
        }
    return all;
}

RecorderOptions recordingOf(const ExecuteOptions& options, EditPlan plan, const BackwardOptions& backward)
{
    RecorderOptions recording{options.record, std::move(plan), {}, options.budget, options.sample};
    recording.keepStates = options.keepStates;
    for (const std::string& pattern : backward.signalPaths)
        recording.patterns.push_back("grad." + pattern);
    return recording;
}

/// 1 at one place of each row of a tensor like `output`, 0 elsewhere.
template <class Choose>
Tensor oneOfEachRow(const Tensor& output, Choose choose)
{
    Tensor out = Tensor::zeros(output.shape());
    const Index n = output.dim(-1);
    for (Index row = 0; row < output.count() / n; ++row)
        out.writable()[static_cast<std::size_t>(row * n + choose(output.data() + row * n, n))] = 1;
    return out;
}

}

Cotangent classLogit(Index classIndex)
{
    return [classIndex](const Tensor& output) {
        if (classIndex < 0 || classIndex >= output.dim(-1))
            throw UsageError("class " + std::to_string(classIndex) + ": the model has classes 0 to "
                + std::to_string(output.dim(-1) - 1));
        return oneOfEachRow(output, [classIndex](const float*, Index) { return classIndex; });
    };
}

Cotangent topLogit()
{
    return [](const Tensor& output) {
        return oneOfEachRow(
            output, [](const float* row, Index n) { return std::max_element(row, row + n) - row; });
    };
}

BackwardResult executeBackward(const Architecture& architecture, const Weights& weights, const Tensor& input,
    const BackwardOptions& backward, const ExecuteOptions& options)
{
    const Config& config = weights.config();
    checkInput(architecture, config, input, options.sample);
    checkWeights(architecture, weights);
    const auto signals = architecture.signalInfos(config);
    const auto blocks = architecture.blocks(config);
    requireKnown(backward.signalPaths, namesOf(signals, &SignalInfo::path), "signal");
    requireKnown(
        backward.parameters, namesOf(architecture.manifest(config), &ParameterInfo::name), "parameter");

    EditPlan plan(options.edits, signals, blocks, options.patches, storedFilters(weights));
    Recorder recorder(
        withGradients(signals, backward.signalPaths), recordingOf(options, std::move(plan), backward));
    Tape tape({backward.parameters, backward.signalPaths});
    if (backward.ofInput)
        tape.watch(input);
    std::optional<WordNames> names;
    RunOptions runWith = runOptions(options, withWords(&recorder, weights, names));
    runWith.tape = &tape;
    runWith.blockCount = static_cast<int>(blocks.size());
    Run run(weights, runWith);

    BackwardResult result;
    result.output = architecture.forward(run, config, input);
    tape.backward(run, result.output, backward.cotangent(result.output));
    result.parameters = tape.parameterGradients();
    result.input = tape.gradient(input);
    if (options.withoutEffect)
        *options.withoutEffect = recorder.edits().withoutEffect();
    Provenance provenance{
        architecture.identity().id, config.json(), weights.parts().hash, options.seed, {}, options.sample};
    for (const Edit& edit : options.edits)
        provenance.edits.push_back(edit.text());
    result.trace = recorder.finish(std::move(provenance), input, result.output);
    return result;
}

}
