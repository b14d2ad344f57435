// How one execution goes: who watches, what is kept, where it begins, its means. A Run does the rest.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/pool.h"
#include "core/run/stop.h"
#include "core/run/tape.h"
#include "core/run/workspace.h"
#include "core/source/weights.h"
#include "core/trace/probe.h"
#include "core/trace/trace.h"

#include <functional>
#include <set>
#include <string>

namespace fovea {

/// Blocks that need not run again. Blocks before `from` take their result from `base`; after block
/// `upTo` the run ends. `base` must have kept its states.
struct Replay {
    TracePtr base;
    std::string from; ///< path of the first block to run; empty: all of them
    std::string upTo; ///< path of the last block to run; empty: to the end
};

struct RunOptions {
    Probe* probe = nullptr; ///< nobody watches
    std::shared_ptr<Pool> pool; ///< empty: the calling thread alone
    Workspace workspace;
    StopToken stop;
    std::function<void(double)> progress; ///< share done, 0 to 1, after each block; any thread
    int blockCount = 0; ///< for progress
    Replay replay;
    std::uint64_t seed = 0, step = 0;
    Index sample = 0; ///< the watched sample of the batch
    std::set<std::string>* asked = nullptr; ///< receives the name of every parameter read
    NamedTensors* kept = nullptr; ///< receives what the run leaves in tensors of role State
    NamedTensors* told = nullptr; ///< receives what a source says of each sample, see Run::tell()
    Tape* tape = nullptr; ///< records for a backward; nullptr: a run that costs nothing extra
    std::int64_t* macs = nullptr; ///< receives what Run::countMacs() is told
    bool isTraining = false; ///< dropout and its kin act
};

}
