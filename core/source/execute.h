// Running a source under a recorder: what the command line and the window both call.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"
#include "core/trace/recorder.h"

namespace fovea {

struct ExecuteOptions {
    std::vector<std::string> record{"*"}; ///< signal paths to keep
    std::vector<Edit> edits;
    EditPlan::PatchSource patches;
    TracePtr
        base; ///< an earlier run on the same input with kept states: blocks before the first edit are shared
    std::shared_ptr<Pool> pool;
    Workspace workspace;
    StopToken stop;
    std::function<void(double)> progress;
    std::uint64_t seed = 0;
    std::size_t budget = std::size_t{256} << 20; ///< bytes of attention patterns
    bool keepStates = true;
    Index sample = 0; ///< the watched sample
};

/// One forward pass. `input` is [B, ...] as inputShape() says. Throws Error (shapes), UsageError (edits),
/// Cancelled.
FOVEA_API TracePtr execute(const Architecture& architecture, const Weights& weights, const Tensor& input,
    const ExecuteOptions& options = {}, std::vector<std::string>* withoutEffect = nullptr);

/// The records of one block, by running that block alone from the state that `base` kept.
FOVEA_API TracePtr executeBlock(const Architecture& architecture, const Weights& weights,
    const TracePtr& base, const std::string& block, const ExecuteOptions& options = {});

/// `steps` steps of a lab from its start; every `every`-th step is recorded, the first and last always.
FOVEA_API TracePtr executeLab(const Lab& lab, const Config& config, std::uint64_t seed, Index steps,
    Index every, const ExecuteOptions& options = {});

}
