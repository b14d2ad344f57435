// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/execute.h"

#include "core/source/execute_checks.h"
#include "core/source/recording.h"
#include "core/source/stored_filters.h"
#include "core/source/token_input.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <limits>

namespace fovea {

RunOptions runOptions(const ExecuteOptions& options, Probe* probe)
{
    RunOptions run;
    run.probe = probe;
    run.pool = options.pool;
    run.workspace = options.workspace;
    run.stop = options.stop;
    run.progress = options.progress;
    run.seed = options.seed;
    run.sample = options.sample;
    run.kept = options.kept;
    run.macs = options.macs;
    return run;
}

void checkInput(const Architecture& architecture, const Config& config, const Tensor& input, Index sample)
{
    const Shape expected = architecture.inputShape(config);
    const bool fits = input.defined() && input.dtype() == DType::F32 && input.rank() == expected.rank() + 1
        && input.dim(0) > 0 && input.shape().tail() == expected;
    if (!fits)
        throw Error("input: expected f32 [B, ...] with a sample of " + expected.text() + ", found "
            + (input.defined() ? std::string(nameOf(input.dtype())) + " " + input.shape().text()
                               : "nothing"));
    if (sample < 0 || sample >= input.dim(0))
        throw Error(
            "input: sample " + std::to_string(sample) + " of a batch of " + std::to_string(input.dim(0)));
}

void checkWeights(const Architecture& architecture, const Weights& weights)
{
    for (const ParameterInfo& info : architecture.manifest(weights.config())) {
        const Tensor* tensor = weights.find(info.name);
        if (!tensor || tensor->shape() != info.shape || tensor->dtype() != DType::F32)
            throw Error("weights: expected tensor '" + info.name + "' as f32 " + info.shape.text()
                + ", found "
                + (tensor ? std::string(nameOf(tensor->dtype())) + " " + tensor->shape().text() : "none"));
    }
}

namespace {

/// The first block that has to run: an edit touches it, or `base` lacks one of its records. Empty when all
/// are there. Without a base to share it is the very first.
std::string firstToRun(const std::vector<std::string>& blocks, const std::vector<SignalInfo>& signals,
    const EditPlan& plan, const ExecuteOptions& options)
{
    const auto isAsked = [&](const SignalInfo& signal) {
        return std::ranges::any_of(options.record, [&](const auto& p) { return matches(p, signal.path); });
    };
    const std::string edited = plan.firstBlock(blocks);
    for (const std::string& block : blocks) {
        const bool isComplete = std::ranges::all_of(signals, [&](const SignalInfo& signal) {
            return signal.block != block || !isAsked(signal) || options.base->find(signal.path);
        });
        if (block == edited || !isComplete)
            return block;
    }
    return blocks.back();
}

/// Whether anybody asks for more than the answer.
bool isWatched(const ExecuteOptions& options)
{
    return !options.record.empty() || !options.edits.empty() || options.keepStates || options.base;
}

/// Whether `base` is what this run would be without its edits. Equal weights are the caller's word: fresh
/// ones have no hash.
bool canShare(const Trace* base, const Provenance& provenance, const Tensor& input)
{
    if (!base || base->blocks.empty() || !base->blocks.front().before.x.defined())
        return false;
    const Provenance& was = base->provenance;
    return base->input.same(input) && was.edits.empty() && was.source == provenance.source
        && was.config == provenance.config && was.weightsHash == provenance.weightsHash
        && was.seed == provenance.seed && was.sample == provenance.sample;
}

}

TracePtr execute(const Architecture& architecture, const Weights& weights, const Tensor& input,
    const ExecuteOptions& options)
{
    const Config& config = weights.config();
    checkInput(architecture, config, input, options.sample);
    checkWeights(architecture, weights);
    const auto signals = architecture.signalInfos(config);
    const auto blocks = architecture.blocks(config);
    EditPlan plan(options.edits, signals, blocks, options.patches, storedFilters(weights));
    Provenance provenance{architecture.identity().id, config.json(), weights.parts().hash, options.seed, {},
        options.sample, options.inputHash};

    Replay replay;
    if (canShare(options.base.get(), provenance, input)) {
        const std::string first = firstToRun(blocks, signals, plan, options);
        if (first != blocks.front())
            replay = {options.base, first, {}};
    }
    RecorderOptions recording{options.record, std::move(plan), replay.base, options.budget, options.sample};
    recording.keepStates = options.keepStates;
    Recorder recorder(signals, std::move(recording));
    std::optional<WordNames> names;
    RunOptions runWith
        = runOptions(options, withWords(isWatched(options) ? &recorder : nullptr, weights, names));
    runWith.replay = replay;
    runWith.blockCount = static_cast<int>(blocks.size());
    Run run(weights, runWith);
    const auto begin = std::chrono::steady_clock::now();
    const Tensor output = architecture.forward(run, config, input);
    if (options.seconds)
        *options.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (options.logits)
        *options.logits = output;
    if (options.withoutEffect)
        *options.withoutEffect = recorder.edits().withoutEffect();
    for (const Edit& edit : options.edits)
        provenance.edits.push_back(edit.text());
    return recorder.finish(std::move(provenance), input, output);
}

namespace {

Shape batchOfOne(const Shape& sample)
{
    std::vector<Index> extents{1};
    extents.insert(extents.end(), sample.extents().begin(), sample.extents().end());
    return Shape(extents);
}

}

std::int64_t multiplyAccumulates(const Architecture& architecture, const Weights& weights)
{
    std::int64_t count = 0;
    ExecuteOptions options;
    options.record = {};
    options.macs = &count;
    const Tensor sample = Tensor::zeros(architecture.inputShape(weights.config()));
    execute(architecture, weights, sample.reshaped(batchOfOne(sample.shape())), options);
    return count;
}

TracePtr executeBlock(const Architecture& architecture, const Weights& weights, const TracePtr& base,
    const std::string& block, const ExecuteOptions& options)
{
    const Config& config = weights.config();
    if (base->blockIndex(block) < 0 || !base->blocks.front().before.x.defined())
        throw Error("block '" + block + "' cannot be run again: its input state was not kept");
    std::vector<Edit> edits;
    for (const std::string& text : base->provenance.edits)
        edits.push_back(Edit::parse(text));
    const auto signals = architecture.signalInfos(config);
    EditPlan plan(edits, signals, architecture.blocks(config), options.patches, storedFilters(weights));
    RecorderOptions recording{options.record, std::move(plan), {}, options.budget, base->provenance.sample};
    recording.keepStates = false;
    Recorder recorder(signals, std::move(recording));
    std::optional<WordNames> names;
    RunOptions runWith = runOptions(options, withWords(&recorder, weights, names));
    runWith.seed = base->provenance.seed;
    runWith.sample = base->provenance.sample;
    runWith.replay = {base, block, block};
    Run run(weights, runWith);
    try {
        architecture.forward(run, config, base->input);
    } catch (const Run::Ended&) {
    }
    return recorder.finish(base->provenance, base->input, {});
}

TracePtr executeLab(
    const Lab& lab, const Config& config, Index steps, Index every, const ExecuteOptions& options)
{
    assert(every > 0);
    if (!options.edits.empty())
        throw UsageError(
            "edit '" + options.edits.front().text() + "': a lab takes no edits, but other settings");
    RecordingOptions recording;
    recording.record = options.record;
    recording.every = every;
    recording.checkpointEvery = std::max<Index>(steps, 1); // nobody goes back
    recording.recordBudget = recording.stateBudget = std::numeric_limits<std::size_t>::max();
    recording.patternBudget = options.budget;
    recording.pool = options.pool;
    recording.workspace = options.workspace;
    recording.stop = options.stop;
    LabWalk walk(startRun(lab, config, options.seed, recording), recording);
    while (walk.done() < steps) {
        walk.step(walk.done() + 1 == steps);
        if (options.progress)
            options.progress(static_cast<double>(walk.done()) / static_cast<double>(steps));
    }
    return walk.run()->trace;
}

}
