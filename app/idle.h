// Waiting for a session's background work where nobody watches: figures, tours, tests. Not for the window:
// its thread never waits.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/stop.h"

#include <QList>

#include <functional>

namespace fovea {
class Session;
class View;
}

namespace fovea::app {

/// The views there are now: a window makes and deletes some while it works.
using ViewsNow = std::function<QList<View*>()>;

constexpr int noTimeout = -1;
constexpr int wakeMs = 20; ///< how often one who waits for events looks at clock and stop all the same

/// Runs the event loop until no job of the session and none of the views works; false after `timeoutMs`.
/// Throws Cancelled when `stop` is stopped.
bool waitUntilIdle(
    const Session& session, const ViewsNow& views, const StopToken& stop = {}, int timeoutMs = noTimeout);

}
