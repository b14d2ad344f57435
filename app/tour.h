// A tour of the program as files: the window in both themes and two sizes, each view as PNG and PDF.
// What `tools/run` shows where there is no display.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/main_window.h"

#include <QString>

namespace fovea::app {

/// Drives a real window: opens the files, waits until nothing works any more, saves what it sees into
/// `folder`, which is made. Returns the files. Throws Error when nothing could be opened or written.
QStringList renderTour(MainWindow& window, const QStringList& open, const QString& folder);

/// Runs the event loop until no job of the session and no view works; false after `timeoutMs`.
bool waitUntilIdle(const MainWindow& window, int timeoutMs = 60000);

}
