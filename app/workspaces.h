// Which docks each workspace shows and how they lie at first. Adding a workspace means adding a row; nothing
// here knows what a view draws.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QString>

#include <span>
#include <vector>

namespace fovea::app {

/// `added` lies beside (or below) `of`, which lies already. An empty `of` begins.
struct DockSplit {
    const char *of, *added;
    Qt::Orientation orientation;
};

/// Shares of docks that lie beside one another, in pixels of a window of 1280 x 800.
struct DockShares {
    std::vector<const char*> docks;
    std::vector<int> sizes;
    Qt::Orientation orientation;
    bool isPanel = false; ///< at the window's sides; else in the middle
};

struct Workspace {
    const char* id; ///< of its action
    const char* text; ///< translated in the context "Actions"
    const char* name; ///< on its button; translated in the context "Workspaces"
    QKeySequence keys;
    const char* first; ///< the view the others are split from
    std::vector<DockSplit> splits;
    std::vector<std::vector<const char*>> tabs; ///< the first of each lies already and is in front
    std::vector<const char*> panels; ///< at the window's sides
    std::vector<std::vector<const char*>> panelTabs; ///< the first in front
    std::vector<DockShares> shares;
    bool isOfLab = false; ///< shows the lab's slot, else what was opened
};

const std::vector<Workspace>& workspaces();
/// The row of that id; the first one for an id that there is not.
const Workspace& workspaceNamed(const QString& id);

}
