// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/execute.h"

namespace fovea {

namespace {

RunOptions runOptions(const ExecuteOptions& options, Probe* probe)
{
    RunOptions run;
    run.probe = probe;
    run.pool = options.pool;
    run.workspace = options.workspace;
    run.stop = options.stop;
    run.progress = options.progress;
    run.seed = options.seed;
    return run;
}

void checkInput(const Architecture& architecture, const Config& config, const Tensor& input)
{
    const Shape expected = architecture.inputShape(config);
    const bool fits = input.defined() && input.dtype() == DType::F32 && input.rank() == expected.rank() + 1
        && input.dim(0) > 0 && input.shape().tail() == expected;
    if (!fits)
        throw Error("input: expected f32 [B, ...] with a sample of " + expected.text() + ", found "
            + (input.defined() ? std::string(nameOf(input.dtype())) + " " + input.shape().text()
                               : "nothing"));
}

bool canShare(const Trace* base, const Tensor& input)
{
    return base && !base->blocks.empty() && base->blocks.front().before.x.defined()
        && base->provenance.edits.empty() && base->input.same(input);
}

}

TracePtr execute(const Architecture& architecture, const Weights& weights, const Tensor& input,
    const ExecuteOptions& options, std::vector<std::string>* withoutEffect)
{
    const Config& config = weights.config();
    checkInput(architecture, config, input);
    const auto signals = architecture.signals(config);
    const auto blocks = architecture.blocks(config);
    EditPlan plan(options.edits, signals, blocks, options.patches);

    Replay replay;
    if (canShare(options.base.get(), input)) {
        const std::string first = plan.firstBlock(blocks);
        if (first != blocks.front())
            replay = {options.base, first.empty() ? blocks.back() : first, {}};
    }
    Recorder recorder(signals,
        {options.record, std::move(plan), replay.base, options.budget, options.sample, options.keepStates});
    RunOptions runWith = runOptions(options, &recorder);
    runWith.replay = replay;
    runWith.blockCount = static_cast<int>(blocks.size());
    Run run(weights, runWith);
    const Tensor output = architecture.forward(run, config, input);
    if (withoutEffect)
        *withoutEffect = recorder.edits().withoutEffect();
    Provenance provenance{architecture.identity().id, config.json(), weights.parts().hash, options.seed, {}};
    for (const Edit& edit : options.edits)
        provenance.edits.push_back(edit.text());
    return recorder.finish(std::move(provenance), input, output);
}

TracePtr executeBlock(const Architecture& architecture, const Weights& weights, const TracePtr& base,
    const std::string& block, const ExecuteOptions& options)
{
    const Config& config = weights.config();
    if (base->blockIndex(block) < 0 || !base->blocks.front().before.x.defined())
        throw Error("block '" + block + "' cannot be run again: its input state was not kept");
    const auto signals = architecture.signals(config);
    EditPlan plan(options.edits, signals, architecture.blocks(config), options.patches);
    Recorder recorder(
        signals, {options.record, std::move(plan), base, options.budget, options.sample, false});
    RunOptions runWith = runOptions(options, &recorder);
    runWith.replay = {base, block, block};
    Run run(weights, runWith);
    try {
        architecture.forward(run, config, base->input);
    } catch (const Run::Ended&) {
    }
    return recorder.finish(base->provenance, base->input, {});
}

TracePtr executeLab(const Lab& lab, const Config& config, std::uint64_t seed, Index steps, Index every,
    const ExecuteOptions& options)
{
    Weights::Parts parts;
    parts.architecture = lab.identity().id;
    parts.config = config;
    const Weights none(std::move(parts));
    auto trace = std::make_shared<Trace>();
    trace->provenance = {lab.identity().id, config.json(), {}, seed, {}};
    NamedTensors state = lab.start(config, seed);
    for (Index step = 0; step < steps; ++step) {
        options.stop.check();
        const bool recorded = step % every == 0 || step + 1 == steps;
        Recorder recorder(lab.signals(config), {options.record, {}, {}, options.budget, 0, false});
        RunOptions runWith = runOptions(options, recorded ? &recorder : nullptr);
        runWith.seed = seed;
        runWith.step = static_cast<std::uint64_t>(step);
        Run run(none, runWith);
        state = lab.advance(run, config, state);
        if (recorded) {
            auto records = std::make_shared<StepRecords>(step);
            for (const RecordPtr& record : recorder.finish({}, {}, {})->steps.front()->all())
                records->add(record);
            trace->steps.push_back(std::move(records));
        }
        if (options.progress)
            options.progress(static_cast<double>(step + 1) / static_cast<double>(steps));
    }
    return trace;
}

}
