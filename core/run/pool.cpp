// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/pool.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace fovea {

/// Workers sleep between calls. A call bumps `round`; whoever is awake takes the next task until none is
/// left.
struct Pool::Team {
    std::mutex callers; // one each() at a time
    std::mutex mutex;
    std::condition_variable work, done;
    std::uint64_t round = 0;
    bool closing = false;
    int busy = 0; // workers inside the present round

    void (*invoke)(void*, Index) = nullptr;
    void* fn = nullptr;
    Index tasks = 0;
    std::atomic<Index> next{0};

    std::vector<std::jthread> workers;

    void takeTasks()
    {
        for (Index task = next.fetch_add(1); task < tasks; task = next.fetch_add(1))
            invoke(fn, task);
    }

    void serve()
    {
        std::uint64_t seen = 0;
        std::unique_lock lock(mutex);
        for (;;) {
            work.wait(lock, [&] { return closing || round != seen; });
            if (closing)
                return;
            seen = round;
            ++busy;
            lock.unlock();
            takeTasks();
            lock.lock();
            if (--busy == 0)
                done.notify_one();
        }
    }
};

Pool::Pool(int threads)
    : team_(std::make_unique<Team>())
{
    const int wanted = threads > 0 ? threads : static_cast<int>(std::thread::hardware_concurrency());
    for (int i = 1; i < std::max(wanted, 1); ++i)
        team_->workers.push_back(std::jthread([team = team_.get()] { team->serve(); }));
}

Pool::~Pool()
{
    {
        const std::lock_guard lock(team_->mutex);
        team_->closing = true;
    }
    team_->work.notify_all();
}

int Pool::threads() const { return static_cast<int>(team_->workers.size()) + 1; }

void Pool::call(Index tasks, void (*invoke)(void*, Index), void* fn)
{
    if (tasks <= 0)
        return;
    if (tasks == 1 || team_->workers.empty()) {
        for (Index task = 0; task < tasks; ++task)
            invoke(fn, task);
        return;
    }
    const std::lock_guard turn(team_->callers);
    Team& team = *team_;
    {
        std::unique_lock lock(team.mutex);
        team.done.wait(lock, [&] { return team.busy == 0; }); // one that woke late for the last round
        team.invoke = invoke;
        team.fn = fn;
        team.tasks = tasks;
        team.next = 0;
        ++team.round;
    }
    team.work.notify_all();
    team.takeTasks();
    std::unique_lock lock(team.mutex);
    team.done.wait(lock, [&] { return team.busy == 0; });
    team.tasks = 0; // a worker that wakes late finds nothing to do
}

}
