// A run of a lab as far as it went, with what it takes to go back: recorded steps, and states from which any
// other step is computed again, bit for bit. It decides nothing; who walks says how far.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"
#include "core/trace/recorder.h"

namespace fovea {

/// The state before a step.
struct Checkpoint {
    Index step = 0;
    std::shared_ptr<const NamedTensors> state;
};

class LabRun;
using LabRunPtr = std::shared_ptr<const LabRun>;

/// Immutable; the versions of a run share chunks of steps and states. Step s is what advance() showed when it
/// made state s + 1 of state s. A branch shares the steps and states of its parent before `from`.
class LabRun {
public:
    const Lab* lab = nullptr;
    Config config; ///< of the steps from `from` on
    std::uint64_t seed = 0;
    LabRunPtr parent; ///< none: a start
    Index from = 0; ///< its first own step
    Index askedEvery = 1; ///< records steps that are multiples of it
    Index every = 1; ///< the same, grown when the budget is spent
    Index wholeEvery = 1; ///< of those, keeps large records of every so-manieth
    Index checkpointEvery = 16; ///< steps between states; grows when the budget is spent
    std::vector<Checkpoint> checkpoints; ///< own ones, ascending, the first at `from`
    Index done = 0; ///< steps made: `state` is the one before step `done`
    std::shared_ptr<const NamedTensors> state;
    TracePtr trace; ///< what was recorded, the parent's steps before `from` first
    std::size_t recordBytes = 0, stateBytes = 0; ///< of its own records and states, as the budgets count
};

struct RecordingOptions {
    /// Records up to this many bytes (curves, statistics) are kept at every recorded step.
    static constexpr std::size_t lightBytes = 4096;

    std::vector<std::string> record{"*"}; ///< signal paths to keep
    Index every = 1, checkpointEvery = 16; ///< of a fresh start
    /// Of each run. Beyond them half goes: large records, then recorded steps, then states between.
    std::size_t recordBudget = std::size_t{384} << 20, stateBudget = std::size_t{256} << 20;
    std::size_t patternBudget = std::size_t{256} << 20; ///< bytes of attention patterns in one step
    /// What to keep besides: records that an analysis makes of a step's.
    std::function<std::vector<Record>(const StepRecords&)> derive;
    std::shared_ptr<Pool> pool;
    Workspace workspace;
    StopToken stop;
};

/// A run that has not made a step yet.
FOVEA_API LabRunPtr startRun(
    const Lab& lab, const Config& config, std::uint64_t seed, const RecordingOptions& options = {});
/// A run that goes its own way from a step of another one, 0 to done, under a config that may differ. Throws
/// UsageError naming a field that the lab does not let change in mid-run.
FOVEA_API LabRunPtr branchOf(
    const LabRunPtr& run, Index step, const Config& config, const RecordingOptions& options = {});
/// The state before a step, 0 to done, from the nearest checkpoint on.
FOVEA_API NamedTensors stateBefore(const LabRun& run, Index step, const RecordingOptions& options = {});
/// All that was recorded of a step, 0 to done - 1, computed again where it was not or records were left out.
FOVEA_API StepPtr stepOf(const LabRun& run, Index step, const RecordingOptions& options = {});
/// A step computed again, whatever was recorded of it.
FOVEA_API StepPtr remadeStep(const LabRun& run, Index step, const RecordingOptions& options = {});
/// The trace with a step put in, or in the place of the one of the same number.
FOVEA_API TracePtr withStep(const Trace& trace, const StepPtr& step);

/// The run with its state, and no step recorded: what there was is written elsewhere.
FOVEA_API LabRunPtr withoutSteps(const LabRun& run);

/// Carries a run forward, in one thread.
class FOVEA_API LabWalk {
public:
    class Stepper;

    LabWalk(const LabRunPtr& from, RecordingOptions options);
    ~LabWalk();

    /// One step more. `isAsked`: recorded whatever `every` says. Throws what the lab throws, Cancelled, and
    /// Error when a tensor of the new state is not finite; the run then stands where it stood.
    void step(bool isAsked = false);
    Index done() const { return run_.done; }
    std::size_t recordBytes() const { return run_.recordBytes; }
    /// The run as it is now.
    LabRunPtr run() const;

private:
    void keepState();
    void keep(const StepPtr& step);
    void thinStates();
    void thinRecords();
    void dropSteps();
    bool isWhole(Index step) const { return step % (run_.every * run_.wholeEvery) == 0; }
    bool isOwn(Index step) const { return step >= run_.from; }

    LabRun run_;
    RecordingOptions options_;
    StepList steps_; // of the trace to come
    std::unique_ptr<Stepper> stepper_;
};

}
