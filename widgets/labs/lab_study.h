// Which lab the figures of many configs are of, and what the views of them say alike. It draws nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/labs/curve_panels.h"
#include "widgets/labs/lab_grid.h"
#include "widgets/session/session.h"

namespace fovea {

/// The lab that the study names at its defaults, or the run that is shown with its config.
struct StudiedLab {
    const Lab* lab = nullptr; ///< none: there is none
    Config base;
    bool operator==(const StudiedLab&) const = default;
};
StudiedLab studiedLab(const Session& session);
/// Why studiedLab() found none.
QString whyNoLab(const Session& session);

/// The grid of a study. Throws Error naming the field of the study and that of the lab.
std::vector<LabGridPanel> gridOf(const StudiedLab& of, const Config& study);

/// Colours by name: lines of one name have one colour in all panels.
class LineColors {
public:
    std::size_t of(const std::string& name);

private:
    std::vector<std::string> names_;
};

/// "3.lines": what a panel's numbers are called in exported data; without its number when it is the only one.
std::string panelPath(std::size_t panel, std::size_t panels, const std::string& what);

/// What there is to say of a cell: panel, line, the place on the axis, the value and its ends.
QString cellTextOf(const CurvePanels& plots, QPoint cell);
QString rowNameOf(const CurvePanels& plots, int row);

}
