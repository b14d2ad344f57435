// Training as a pure function of its state: the same state gives the same next one, bit for bit, for any
// number of threads. It writes no files and shows nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"
#include "core/train/accuracy.h"
#include "core/train/batch.h"
#include "core/train/plan.h"
#include "core/train/reward.h"
#include "core/train/settings.h"
#include "core/train/teacher.h"

#include <memory>
#include <optional>
#include <span>

namespace fovea::train {

/// What is trained, on what and how.
struct TrainingTask {
    const Architecture* architecture = nullptr;
    Config config; ///< of the architecture; see fittedConfig()
    Preprocess preprocess; ///< its mean and std
    DataSetPtr data;
    TrainingSettings settings;
    std::uint64_t seed = 0;
    Teacher teacher = {}; ///< by default none
};

/// All that a training knows at a step. Random numbers (order, augmentation, dropout) are functions of the
/// task's seed, the step, and their place.
struct TrainState {
    Index step = 0; ///< steps made
    NamedTensors parameters; ///< in the manifest's order
    NamedTensors moments; ///< see startMoments()
};

struct StepMeans {
    std::shared_ptr<Pool> pool; ///< empty: the calling thread alone
    Workspace workspace;
    StopToken stop;
    Probe* probe = nullptr; ///< sees the signals of the step's forward pass
    std::vector<std::string> gradients = {}; ///< patterns of signals whose gradients it sees as `grad.<path>`
};

struct StepResult {
    TrainState state;
    double loss = 0; ///< of the batch, before the update
    double rate = 0, gradientNorm = 0; ///< the norm before clipping
    Index right = 0, samples = 0;
    std::optional<Reward> reward = {}; ///< of an architecture that is trained in phases
};

/// A number that is not finite came up: the message names the step and the first such tensor.
class FOVEA_API Diverged : public Error {
public:
    using Error::Error;
};

class FOVEA_API Trainer {
public:
    /// Throws Error naming the field where data and architecture do not fit.
    explicit Trainer(TrainingTask task);
    ~Trainer();

    const TrainingTask& task() const { return task_; }
    Index stepsPerEpoch() const { return perEpoch_; }
    Index steps() const { return plan_.back().end; }
    double rateAt(Index step) const { return phaseAt(step).rateAt(step); }
    /// The phase of a step; of those behind the last one, the last.
    const PlannedPhase& phaseAt(Index step) const;

    /// Fresh parameters.
    TrainState start(const StopToken& stop = {}) const;
    /// One step more. Throws Cancelled; Diverged when the loss or a gradient is not finite; new
    /// parameters are not looked at, see requireFinite().
    StepResult step(const TrainState& before, const StepMeans& means) const;
    /// The same on a batch from elsewhere.
    StepResult stepOn(const TrainState& before, const Batch& batch, const StepMeans& means) const;
    /// The numbers of the training samples of a step.
    std::vector<Index> samplesOf(Index step) const;
    /// All samples of a split, without dropout and augmentation.
    Accuracy evaluate(const NamedTensors& parameters, Split split, const StepMeans& means) const;
    /// Throws Diverged when a parameter or a moment is not finite.
    void requireFinite(const TrainState& state) const;
    /// Weights with these parameters, the config, preprocessing and labels of the task.
    Weights::Parts partsWith(const NamedTensors& parameters) const;
    /// The first samples of a split, as an input.
    Tensor inputOf(Split split, Index count, const StepMeans& means) const;

private:
    struct Order;
    Batch batchOf(Index step, Pool& pool) const;
    Loss lossOf(const Tensor& output, const Batch& batch, Run& run) const;
    [[noreturn]] void explain(const TrainState& before, const Batch& batch, const StepMeans& means) const;

    TrainingTask task_;
    Index perEpoch_;
    std::vector<PlannedPhase> plan_;
    std::unique_ptr<Order> order_; // the newest epoch's, a cache
};

/// How many samples of a data set are evaluated at a time: fewer of a text, of which each token has a number
/// for every id.
Index evaluationBatch(const DataInfo& data);

/// What a data set decides of a config: `image_size`, `in_chans`, `classes`; of tokens `vocab`, `length`.
FOVEA_API std::span<const std::string_view> fieldsOfData();
/// The config with what the data set says of fieldsOfData(), where the architecture has these fields and
/// `given` (fields set by hand, which are applied too) lacks them. Throws AnswerError for a wrong `given`,
/// Error where the data set does not fit.
FOVEA_API Config fittedConfig(
    const Architecture& architecture, Config config, const DataSet& data, const Answers& given);

}
