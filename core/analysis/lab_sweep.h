// A lab over many configs and seeds: what some of its records say after so many steps, in the background, to
// be stopped and taken up again. It keeps no traces.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

#include <functional>

namespace fovea::analysis {

struct LabSweep {
    const Lab* lab = nullptr;
    std::vector<Config> cells; ///< of the table
    std::vector<std::uint64_t> seeds; ///< each cell is run with each of them
    Index steps = 100; ///< made before the records are read: their row `steps`
    std::vector<std::string> records; ///< paths
};

/// One run of a sweep that is over.
struct SweepRun {
    std::size_t cell = 0, seed = 0; ///< indices
    std::vector<std::vector<double>> values; ///< of each record; empty when it failed
    std::string problem; ///< why it failed, as one that diverges
};

struct SweepMeans {
    std::shared_ptr<Pool> pool; ///< runs at once; empty: one
    StopToken stop;
    std::function<void(double)> progress; ///< share done; never at the same time from two threads
    std::function<void(const SweepRun&)> done; ///< each run that is over, likewise: to keep it
};

/// All runs, by cell and seed. Those of `known` are not made again: what a sweep that was stopped handed to
/// `done`. Each is the same whatever the threads. Throws Cancelled.
FOVEA_API std::vector<SweepRun> sweepLab(
    const LabSweep& sweep, const SweepMeans& means = {}, std::vector<SweepRun> known = {});

/// Points [cell, field] of one number of a record: n, mean, deviation (of the runs: n - 1 in its
/// denominator), low and high, a deviation below and above. Runs that failed are left out; NaN where none or
/// one is left.
FOVEA_API Record sweepTable(
    const LabSweep& sweep, const std::vector<SweepRun>& runs, std::size_t record, std::size_t element = 0);

}
