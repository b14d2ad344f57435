// A tour of the program as files: the window in both themes and two sizes, each view as PNG and PDF.
// What `tools/run` shows where there is no display.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/main_window.h"

#include "core/run/stop.h"

#include <QString>

#include <functional>

namespace fovea::app {

struct TourPlan {
    QStringList open; ///< files
    QString folder; ///< is made
    std::function<void(const QString& file)> wrote;
    StopToken stop = {};
};

/// Drives a real window: opens the files, waits until nothing works any more, saves what it sees. Throws
/// Error when nothing could be opened or written, Cancelled.
void renderTour(MainWindow& window, const TourPlan& plan);

/// Runs the event loop until no job of the session and no view works; false after `timeoutMs`. Throws
/// Cancelled when `stop` is stopped.
bool waitUntilIdle(const MainWindow& window, int timeoutMs = 60000, const StopToken& stop = {});

}
