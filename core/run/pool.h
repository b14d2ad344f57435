// The threads of the engine. Who calls cuts the work by shape alone, so that the number of threads
// never changes a result.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export.h"
#include "core/tensor/shape.h"

#include <memory>
#include <type_traits>

namespace fovea {

class FOVEA_API Pool {
public:
    /// Whether its threads give way to those of usual priority, as long work behind a window must.
    enum class Manner { Usual, GivesWay };

    /// 0: as many threads as the machine has cores. The calling thread is one of them.
    explicit Pool(int threads = 0, Manner manner = Manner::Usual);
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    int threads() const;

    /// Calls fn(task) once for each task in [0, tasks), in any order and on any thread, and returns when
    /// all are done. The tasks must write to separate places. Several threads may call each() at once;
    /// they take turns. fn must not throw and must not call each() again.
    /// fn(task, worker) also learns which of the threads() workers it runs on: a place for scratch memory.
    template <class Fn>
    void each(Index tasks, Fn&& fn)
    {
        using F = std::remove_reference_t<Fn>;
        const auto invoke = [](void* f, Index task, [[maybe_unused]] int worker) {
            if constexpr (std::is_invocable_v<F&, Index, int>)
                (*static_cast<F*>(f))(task, worker);
            else
                (*static_cast<F*>(f))(task);
        };
        call(tasks, invoke, const_cast<void*>(static_cast<const void*>(&fn)));
    }

private:
    void call(Index tasks, void (*invoke)(void*, Index, int), void* fn);

    struct Team;
    std::unique_ptr<Team> team_;
};

}
