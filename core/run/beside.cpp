// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/beside.h"

#include <exception>
#include <system_error>
#include <thread>

namespace fovea {

void beside(const std::function<void()>& work, const std::function<void()>& other)
{
    std::exception_ptr failed;
    const auto guarded = [&] {
        try {
            other();
        } catch (...) {
            failed = std::current_exception();
        }
    };
    std::jthread thread; // joined also when work throws
    try {
        thread = std::jthread(guarded);
    } catch (const std::system_error&) { // too many threads
    }
    work();
    if (thread.joinable())
        thread.join();
    else
        guarded();
    if (failed)
        std::rethrow_exception(failed);
}

}
