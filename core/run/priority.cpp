// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/priority.h"

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace fovea {

void giveWay()
{
#ifdef __linux__
    constexpr int niceness = 10; // of this thread alone: Linux keeps it per thread
    setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), niceness);
#endif
}

}
