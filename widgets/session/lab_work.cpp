// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/lab_work.h"

#include "core/analysis/attention_stats.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace fovea {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds publishing{10};
constexpr milliseconds longestNap{10}; // so that a stop is heard

/// Holds a walk to its pace.
class Pacer {
public:
    explicit Pacer(std::shared_ptr<std::atomic<double>> pace)
        : pace_(std::move(pace))
    {
    }
    void rest(const StopToken& stop)
    {
        const double pace = pace_->load();
        due_ += pace > 0
            ? std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / pace))
            : Clock::duration::zero();
        if (pace <= 0)
            due_ = Clock::now();
        while (Clock::now() < due_ && pace_->load() == pace) {
            stop.check();
            std::this_thread::sleep_for(std::min<Clock::duration>(due_ - Clock::now(), longestNap));
        }
    }

private:
    std::shared_ptr<std::atomic<double>> pace_;
    Clock::time_point due_ = Clock::now();
};

/// Several walks towards one step.
class Lockstep {
public:
    explicit Lockstep(const WalkPlan& plan)
        : plan_(plan)
        , published_(Clock::now())
    {
        for (const LabRunPtr& run : plan.runs)
            walks_.push_back(std::make_unique<LabWalk>(run, plan.options));
    }

    LabWalk& behind()
    {
        return **std::ranges::min_element(walks_, {}, [](const auto& walk) { return walk->done(); });
    }
    void publish()
    {
        std::vector<LabRunPtr> runs;
        for (const auto& walk : walks_)
            runs.push_back(walk->run());
        plan_.mailbox->put(std::move(runs));
        published_ = Clock::now();
    }
    void publishNowAndThen()
    {
        if (Clock::now() - published_ > publishing)
            publish();
    }

private:
    const WalkPlan& plan_;
    std::vector<std::unique_ptr<LabWalk>> walks_;
    Clock::time_point published_;
};

}

void LabMailbox::put(std::vector<LabRunPtr> runs)
{
    std::vector<LabRunPtr> old; // dies outside of the lock, as `runs` does
    const std::lock_guard lock(mutex_);
    newest_.swap(runs);
    old_.swap(old);
}

void LabMailbox::giveBack(std::vector<LabRunPtr> runs)
{
    const std::lock_guard lock(mutex_);
    std::ranges::move(runs, std::back_inserter(old_));
}

std::vector<LabRunPtr> LabMailbox::take()
{
    const std::lock_guard lock(mutex_);
    return std::exchange(newest_, {});
}

bool walkRuns(WalkPlan plan, const Job::Context& context)
{
    plan.options.stop = context.stop;
    Lockstep walks(plan);
    Pacer pacer(plan.pace);
    const Index begin = walks.behind().done();
    double told = 0;
    try {
        for (LabWalk* walk = &walks.behind(); walk->done() < plan.target; walk = &walks.behind()) {
            walk->step(plan.isLastAsked && walk->done() + 1 == plan.target);
            walks.publishNowAndThen();
            const double share = static_cast<double>(walk->done() - begin)
                / static_cast<double>(std::max<Index>(1, plan.target - begin));
            if (share - told > 0.01) {
                context.progress(share);
                told = share;
            }
            pacer.rest(context.stop);
        }
    } catch (...) {
        walks.publish(); // what was made is kept
        throw;
    }
    walks.publish();
    return true;
}

std::vector<std::string> keptSignals(const Lab& lab, const Config& config, const std::string& wanted)
{
    std::vector<std::string> paths;
    for (const SignalInfo& signal : lab.signalInfos(config)) {
        const bool isLarge
            = signal.kind == Kind::Heads || signal.kind == Kind::Tokens || matches("*.scores", signal.path);
        const bool isJudgement = matches("stages.*.scores", signal.path); // a number per head and token
        if (!isLarge || isJudgement || signal.path == wanted)
            paths.push_back(signal.path);
    }
    return paths;
}

std::vector<Record> headCourses(const StepRecords& step)
{
    std::vector<Record> statistics;
    for (const RecordPtr& record : step.all())
        if (record->kind() == Kind::Attention && record->queries && matches("*.pattern", record->path()))
            statistics.push_back(analysis::headStatistics(*record));
    return statistics;
}

}
