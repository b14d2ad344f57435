// A training on its way, as a file: weights that open like any others, and beside them what the optimiser
// remembers. How training goes on is core/train's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/weights_file.h"
#include "core/run/stop.h"

namespace fovea::io {

struct TrainingCheckpoint {
    OpenedWeights opened;
    Index step = 0; ///< steps made
    NamedTensors moments; ///< f32, by name
};

/// The weights format (f32), and group `optimiser`: attribute `step`, one dataset per moment. Atomically.
FOVEA_API void writeCheckpoint(const std::string& path, const Weights& weights, Index step,
    const NamedTensors& moments, const StopToken& stop = {});
/// Throws what readWeights() throws, and Error naming the file and what it lacks of a checkpoint.
FOVEA_API TrainingCheckpoint readCheckpoint(const std::string& path, const Registry& registry);

/// Parameters as a file of that type gives them back: F16 and BF16 round.
FOVEA_API NamedTensors asStored(const NamedTensors& parameters, StoredType type);

}
