// Running a source under a recorder: what the command line and the window both call. What is computed is the
// source's alone.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"
#include "core/trace/recorder.h"

namespace fovea {

struct ExecuteOptions {
    std::vector<std::string> record{"*"}; ///< signal paths to keep
    std::vector<Edit> edits;
    EditPlan::PatchSource patches;
    /// An earlier run with the same weights, without edits and with kept states. When it is of the same input
    /// (the same handle), its blocks before the first edited or insufficiently recorded one are shared.
    TracePtr base;
    std::shared_ptr<Pool> pool;
    Workspace workspace;
    StopToken stop;
    std::function<void(double)> progress;
    std::uint64_t seed = 0;
    std::string inputHash = {}; ///< SHA-256 of the file that the input came from; goes to the provenance
    std::size_t budget = std::size_t{256} << 20; ///< bytes of attention patterns
    bool keepStates = true;
    Index sample = 0; ///< the watched sample
    NamedTensors* kept
        = nullptr; ///< receives the new values of tensors of role State, from the blocks that ran
    Tensor* logits = nullptr; ///< receives the output of the whole batch, [B, class] of a classifier
    std::int64_t* macs = nullptr; ///< receives the multiply-accumulates (Run::countMacs())
    double* seconds = nullptr; ///< receives the time of the forward pass alone, without what checks and notes
    std::vector<std::string>* withoutEffect = nullptr; ///< receives the edits that changed nothing
};

/// One forward pass. Where nothing is recorded, no states are kept, and there are neither edits nor a base,
/// nobody watches it: the trace has the output alone, without `blocks`. `input` is [B, ...] as inputShape()
/// says. Throws Error (shapes), UsageError (edits), Cancelled.
FOVEA_API TracePtr execute(const Architecture& architecture, const Weights& weights, const Tensor& input,
    const ExecuteOptions& options = {});

/// Those of one sample of zeros through all of the model: a run that leaves nothing out, as papers count.
FOVEA_API std::int64_t multiplyAccumulates(const Architecture& architecture, const Weights& weights);

/// The records of one block, by running that block alone from the state that `base` kept, under the edits,
/// seed and sample of `base` (those of the options are not read).
FOVEA_API TracePtr executeBlock(const Architecture& architecture, const Weights& weights,
    const TracePtr& base, const std::string& block, const ExecuteOptions& options = {});

/// `steps` steps of a lab from its start; every `every`-th step is recorded, the first and last always. Edits
/// are refused (UsageError): what can be changed of a lab is its config.
FOVEA_API TracePtr executeLab(
    const Lab& lab, const Config& config, Index steps, Index every, const ExecuteOptions& options = {});

}
