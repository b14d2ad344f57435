// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/pool.h"

#include "core/run/priority.h"

#ifdef __linux__
#include <sched.h>
#endif

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

namespace fovea {

namespace {

void relax()
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/// Looks for a while whether `ready` holds: the regions of a forward pass follow one another within
/// microseconds, and sleeping costs more than that.
template <class Ready>
bool spinFor(Ready ready)
{
    for (int i = 0; i < 20000; ++i) {
        if (ready())
            return true;
        relax();
    }
    return false;
}

#ifdef __linux__
int presentCore() { return sched_getcpu(); }

/// Keeps a worker off the caller's core. Kernels like to wake a thread beside the one that woke it, and some
/// leave it there although other cores are idle.
class Seat {
public:
    Seat() { isKnown_ = sched_getaffinity(0, sizeof allowed_, &allowed_) == 0; }
    void leave(int core) const
    {
        if (!isKnown_ || core < 0 || presentCore() != core)
            return;
        cpu_set_t others = allowed_;
        CPU_CLR(static_cast<unsigned>(core), &others);
        if (CPU_COUNT(&others) > 0)
            sched_setaffinity(0, sizeof others, &others);
    }

private:
    cpu_set_t allowed_;
    bool isKnown_;
};
#else
int presentCore() { return -1; }
class Seat {
public:
    void leave(int) const { }
};
#endif

}

/// A call publishes its tasks in `left`; whoever takes one off owns it. While a task is unfinished its
/// call cannot return, so what it reads (`invoke`, `fn`, `tasks`) stands still.
struct Pool::Team {
    std::mutex callers; // one call at a time
    void (*invoke)(void*, Index, int) = nullptr;
    void* fn = nullptr;
    Index tasks = 0;
    std::atomic<Index> left{0};
    std::atomic<int> unfinished{0}; // an int, for that is what a futex waits on
    std::atomic<int> round{0}; // a new call, or the end
    std::atomic<int> callerCore{-1};
    std::atomic<bool> closing{false};

    std::vector<std::jthread> workers;

    void takeTasks(int worker)
    {
        Index mine = left.load(std::memory_order_acquire);
        while (mine > 0) {
            if (!left.compare_exchange_weak(mine, mine - 1, std::memory_order_acq_rel))
                continue;
            invoke(fn, tasks - mine, worker);
            if (unfinished.fetch_sub(1, std::memory_order_acq_rel) == 1)
                unfinished.notify_one();
            mine = left.load(std::memory_order_acquire);
        }
    }

    void serve(int worker)
    {
        const Seat seat;
        while (!closing) {
            const int seen = round.load(std::memory_order_acquire);
            takeTasks(worker);
            if (!spinFor([&] { return round.load(std::memory_order_acquire) != seen; })) {
                round.wait(seen, std::memory_order_acquire);
                seat.leave(callerCore);
            }
        }
    }

    void announce()
    {
        round.fetch_add(1, std::memory_order_release);
        round.notify_all();
    }
};

Pool::Pool(int threads, Manner manner)
    : team_(std::make_unique<Team>())
{
    const int wanted = threads > 0 ? threads : static_cast<int>(std::thread::hardware_concurrency());
    for (int i = 1; i < std::max(wanted, 1); ++i)
        team_->workers.push_back(std::jthread([team = team_.get(), i, manner] {
            if (manner == Manner::GivesWay)
                giveWay();
            team->serve(i);
        }));
}

Pool::~Pool()
{
    team_->closing = true;
    team_->announce();
}

int Pool::threads() const { return static_cast<int>(team_->workers.size()) + 1; }

void Pool::call(Index tasks, void (*invoke)(void*, Index, int), void* fn)
{
    if (tasks <= 0)
        return;
    if (tasks == 1 || team_->workers.empty()) {
        for (Index task = 0; task < tasks; ++task)
            invoke(fn, task, 0);
        return;
    }
    Team& team = *team_;
    const std::lock_guard turn(team.callers);
    assert(tasks <= std::numeric_limits<int>::max());
    team.invoke = invoke;
    team.fn = fn;
    team.tasks = tasks;
    team.unfinished.store(static_cast<int>(tasks), std::memory_order_relaxed);
    team.left.store(tasks, std::memory_order_release);
    team.callerCore = presentCore();
    team.announce();
    team.takeTasks(0);
    const auto finished = [&] { return team.unfinished.load(std::memory_order_acquire) == 0; };
    if (!spinFor(finished))
        for (int n = team.unfinished.load(std::memory_order_acquire); n > 0;
             n = team.unfinished.load(std::memory_order_acquire))
            team.unfinished.wait(n, std::memory_order_acquire);
}

}
