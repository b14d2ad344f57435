// A tour of the program as files: the window in both themes and two sizes, each view as PNG and PDF.
// What `tools/run` shows where there is no display.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/main_window.h"

#include "core/run/stop.h"

#include <QString>

#include <functional>
#include <vector>

namespace fovea::app {

/// A workspace, and files that have something to show in it.
struct TourChapter {
    QString workspace;
    QStringList open;
};

struct TourPlan {
    QStringList open; ///< files
    QString folder; ///< is made
    std::function<void(const QString& file)> wrote;
    StopToken stop = {};
    std::vector<TourChapter> chapters = {}; ///< behind the first files
    bool studies = false; ///< views that ask about a data set are computed, but those that take minutes
};

/// The chapters of bundled models; those whose files are missing are left out.
std::vector<TourChapter> bundledChapters();

/// Drives a real window: opens the files, waits until nothing works any more, saves what it sees. Throws
/// Error when nothing could be opened or written, Cancelled.
void renderTour(MainWindow& window, const TourPlan& plan);

/// Runs the event loop until no job of the session and no view works; false after `timeoutMs`. Throws
/// Cancelled when `stop` is stopped.
bool waitUntilIdle(const MainWindow& window, int timeoutMs = 60000, const StopToken& stop = {});

}
