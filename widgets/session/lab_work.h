// What a Job does for the Player: runs of a lab carried forward, published as they grow. It knows no widget
// and no Session.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/job.h"

#include "core/source/recording.h"

#include <QJsonObject>

#include <algorithm>
#include <atomic>
#include <mutex>

namespace fovea {

/// A lab as a form starts it.
struct LabStart {
    std::string lab; ///< id
    Config config;
    std::uint64_t seed = 0;
    Index steps = 1000; ///< to play to, at first
    Index every = 1; ///< records every so-manieth step
};

class Registry;

/// The newest versions of some runs, on their way from the thread that makes them to the window's.
class LabMailbox {
public:
    void put(std::vector<LabRunPtr> runs);
    /// Empty: nothing new.
    std::vector<LabRunPtr> take();
    /// Older versions that nobody looks at any more. They die with the next put(), in the thread that makes
    /// the runs: what was thinned is a million small pieces of memory.
    void giveBack(std::vector<LabRunPtr> runs);

private:
    std::mutex mutex_;
    std::vector<LabRunPtr> newest_, old_;
};

struct WalkPlan {
    std::vector<LabRunPtr> runs; ///< in lockstep: the one that is behind goes first
    Index target = 0;
    bool isLastAsked = false; ///< the last step is recorded in any case
    RecordingOptions options;
    std::shared_ptr<std::atomic<double>> pace; ///< steps per second; 0: as fast as it goes
    std::shared_ptr<LabMailbox>
        mailbox; ///< gets the runs a hundred times a second, and at the end however it came
};

/// Runs in a Job. Throws what the lab throws.
bool walkRuns(WalkPlan plan, const Job::Context& context);

/// What an analysis keeps beside each step: the statistics of the heads of every pattern.
std::vector<Record> headCourses(const StepRecords& step);

/// The runs of a lab, and where each came from.
struct RunTree {
    static constexpr int most = 12;
    std::vector<LabRunPtr> runs;
    std::vector<int> parents; ///< index of the run it left; -1: it began at the start
    std::vector<int> numbers; ///< in the order in which they began; they give name and colour, and stay
    int nextNumber() const { return numbers.empty() ? 0 : std::ranges::max(numbers) + 1; }
    bool hasBranches(int run) const { return std::ranges::find(parents, run) != parents.end(); }
};

/// A tree as recipes and sessions keep it: id, and for each run number, parent, from, steps, every, seed,
/// config.
QJsonObject describedRuns(const RunTree& tree);
/// Runs in a Job: the same tree made again, bit for bit. Throws Error naming the field.
RunTree rebuiltRuns(const QJsonObject& json, const Registry& registry, const RecordingOptions& options,
    const Job::Context& context);
/// What every recorded step keeps: what views show at once, and `wanted`. The rest is computed again when it
/// is asked for.
std::vector<std::string> keptSignals(const Lab& lab, const Config& config, const std::string& wanted);

}
