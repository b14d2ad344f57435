// The program with its window: plugins, session and main window put together. It decides nothing that a view
// or the Session could.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/tool.h"
#include "app/main_window.h"

#include <QStringList>

#include <memory>

namespace fovea::app {

/// A window on a session of its own, with what the program ships in the library. Not shown yet.
class Studio {
public:
    explicit Studio(Tool& tool);

    MainWindow& window() { return *window_; }
    Session& session() { return *session_; }

private:
    std::unique_ptr<Session> session_; // outlives the window
    std::unique_ptr<MainWindow> window_;
};

/// What a session needs of the program: its sources, its threads, its files.
Services servicesOf(Tool& tool);

/// The bundled model and picture of the first start; empty when there are none.
QStringList firstFiles();
/// These files; before pictures alone the bundled model, which then looks at them; without any, firstFiles().
QStringList filesToOpen(const QStringList& files);

/// Shows the window with these files, or with the bundled ones, until it is closed.
int runWindow(const QStringList& files);

}
