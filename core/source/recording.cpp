// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/recording.h"

#include "core/source/recording_cost.h"

#include <algorithm>

namespace fovea {

namespace {

void requireFinite(const NamedTensors& state, Index step)
{
    for (const auto& [name, tensor] : state)
        if (!allFinite(tensor))
            throw Error("step " + std::to_string(step) + ": state '" + name
                + "' is not finite; the run keeps its state before that step");
}

Weights::Parts partsOf(const LabRun& run)
{
    Weights::Parts parts;
    parts.architecture = run.lab->identity().id;
    parts.config = run.config;
    return parts;
}

}

/// Makes the steps of one run, wherever it stands.
class LabWalk::Stepper {
public:
    struct Made {
        NamedTensors state;
        StepPtr records; ///< none: nobody asked
    };

    Stepper(const LabRun& run, const RecordingOptions& options)
        : lab_(*run.lab)
        , none_(partsOf(run))
        , infos_(lab_.signalInfos(run.config))
        , options_(options)
    {
        run_.pool = options.pool;
        run_.workspace = options.workspace;
        run_.stop = options.stop;
        run_.seed = run.seed;
    }

    Made step(Index step, const NamedTensors& state, bool isRecorded)
    {
        options_.stop.check();
        run_.step = static_cast<std::uint64_t>(step);
        if (!isRecorded)
            return {advanced(step, state), {}};
        RecorderOptions recording{options_.record, {}, {}, options_.patternBudget};
        recording.step = step;
        recording.keepStates = false;
        Recorder recorder(infos_, std::move(recording));
        run_.probe = &recorder;
        Made made{advanced(step, state), {}};
        run_.probe = nullptr;
        made.records = derived(recorder.finish({}, {}, {})->steps.front());
        return made;
    }

private:
    NamedTensors advanced(Index step, const NamedTensors& state)
    {
        Run run(none_, run_);
        NamedTensors next = lab_.advance(run, none_.config(), state);
        requireFinite(next, step);
        return next;
    }

    StepPtr derived(const StepPtr& step) const
    {
        if (!options_.derive)
            return step;
        auto more = std::make_shared<StepRecords>(*step);
        for (Record& record : options_.derive(*step))
            more->add(std::make_shared<const Record>(std::move(record)));
        return more;
    }

    const Lab& lab_;
    Weights none_; // a lab has none, but the config
    std::vector<SignalInfo> infos_;
    RecordingOptions options_;
    RunOptions run_;
};

namespace {

/// The run, itself or before a fork, that made a step.
const LabRun& ownerOf(const LabRun& run, Index step)
{
    const LabRun* owner = &run;
    while (owner->parent && step < owner->from)
        owner = owner->parent.get();
    return *owner;
}

/// "12:rate=0.05" for each field that a branch changes at step 12, as a trace's provenance tells it.
std::vector<std::string> changesOf(const LabRun& run)
{
    if (!run.parent)
        return {};
    std::vector<std::string> changes = changesOf(*run.parent);
    for (const Field& field : run.config.schema())
        if (run.config.value(field.name) != run.parent->config.value(field.name))
            changes.push_back(
                std::to_string(run.from) + ":" + field.name + "=" + textOf(run.config.value(field.name)));
    return changes;
}

/// Of a run that has a trace another version, else of a new one.
TracePtr traceOf(const LabRun& run, StepList steps)
{
    auto trace = std::make_shared<Trace>();
    const LabRun* first = &run;
    while (first->parent)
        first = first->parent.get();
    trace->provenance = {run.lab->identity().id, first->config.json(), {}, run.seed, changesOf(run), 0};
    trace->steps = std::move(steps);
    trace->run = run.trace ? run.trace->run : std::make_shared<const char>();
    return trace;
}

}

LabRunPtr startRun(const Lab& lab, const Config& config, std::uint64_t seed, const RecordingOptions& options)
{
    assert(options.every > 0 && options.checkpointEvery > 0);
    LabRun run;
    run.lab = &lab;
    run.config = config;
    run.seed = seed;
    run.every = run.askedEvery = options.every;
    run.checkpointEvery = options.checkpointEvery;
    run.state = std::make_shared<const NamedTensors>(lab.start(config, seed));
    run.checkpoints = {{0, run.state}};
    run.stateBytes = costOf(*run.state);
    run.trace = traceOf(run, {});
    return std::make_shared<const LabRun>(std::move(run));
}

LabRunPtr branchOf(const LabRunPtr& run, Index step, const Config& config, const RecordingOptions& options)
{
    assert(step >= 0 && step <= run->done);
    for (const Field& field : config.schema())
        if (!run->lab->canChange(field.name) && config.value(field.name) != run->config.value(field.name))
            throw UsageError("field '" + field.name + "': expected " + textOf(run->config.value(field.name))
                + ", which a run keeps from its start, found " + textOf(config.value(field.name)));
    LabRun branch;
    branch.lab = run->lab;
    branch.config = config;
    branch.seed = run->seed;
    branch.parent = run;
    branch.from = branch.done = step;
    branch.every = branch.askedEvery = run->askedEvery;
    branch.checkpointEvery = options.checkpointEvery;
    branch.state = std::make_shared<const NamedTensors>(stateBefore(*run, step, options));
    branch.checkpoints = {{step, branch.state}};
    branch.stateBytes = costOf(*branch.state);
    const StepList& steps = run->trace->steps;
    branch.trace = traceOf(branch, steps.first(steps.lowerBound(step)));
    return std::make_shared<const LabRun>(std::move(branch));
}

NamedTensors stateBefore(const LabRun& run, Index step, const RecordingOptions& options)
{
    assert(step >= 0 && step <= run.done);
    if (step == run.done)
        return *run.state;
    const LabRun& owner = ownerOf(run, step);
    const auto after = std::ranges::upper_bound(owner.checkpoints, step, {}, &Checkpoint::step);
    assert(after != owner.checkpoints.begin());
    const Checkpoint& nearest = *std::prev(after);
    NamedTensors state = *nearest.state;
    LabWalk::Stepper stepper(owner, options);
    for (Index at = nearest.step; at < step; ++at)
        state = stepper.step(at, state, false).state;
    return state;
}

StepPtr remadeStep(const LabRun& run, Index step, const RecordingOptions& options)
{
    assert(step >= 0 && step < run.done);
    const LabRun& owner = ownerOf(run, step);
    return LabWalk::Stepper(owner, options).step(step, stateBefore(owner, step, options), true).records;
}

StepPtr stepOf(const LabRun& run, Index step, const RecordingOptions& options)
{
    const StepList& steps = run.trace->steps;
    const std::size_t at = steps.lowerBound(step);
    if (at < steps.size() && steps[at]->step() == step && !steps[at]->isLightened())
        return steps[at];
    return remadeStep(run, step, options);
}

TracePtr withStep(const Trace& trace, const StepPtr& step)
{
    auto changed = std::make_shared<Trace>(trace);
    const std::size_t at = trace.steps.lowerBound(step->step());
    if (at < trace.steps.size() && trace.steps[at]->step() == step->step())
        changed->steps.replace(at, step);
    else
        changed->steps.insert(at, step);
    return changed;
}

LabRunPtr withoutSteps(const LabRun& run)
{
    auto bare = std::make_shared<LabRun>(run);
    bare->trace = traceOf(run, {});
    bare->recordBytes = 0;
    return bare;
}

LabWalk::LabWalk(const LabRunPtr& from, RecordingOptions options)
    : run_(*from)
    , options_(std::move(options))
    , steps_(from->trace->steps)
    , stepper_(std::make_unique<Stepper>(run_, options_))
{
}

LabWalk::~LabWalk() = default;

LabRunPtr LabWalk::run() const
{
    auto run = std::make_shared<LabRun>(run_);
    run->trace = traceOf(run_, steps_);
    return run;
}

void LabWalk::step(bool isAsked)
{
    const Index step = run_.done;
    Stepper::Made made = stepper_->step(step, *run_.state, isAsked || step % run_.every == 0);
    run_.state = std::make_shared<const NamedTensors>(std::move(made.state));
    ++run_.done;
    if (made.records)
        keep(made.records);
    if (run_.done % run_.checkpointEvery == 0)
        keepState();
}

}
