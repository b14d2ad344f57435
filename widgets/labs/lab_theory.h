// What a lab's theory says of many configs, as curves over its time with one mark each. It runs no lab.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/labs/lab_grid.h"

#include <functional>

namespace fovea {

/// What is drawn of a config: a record by its path.
struct DrawnRecord {
    std::string label; ///< empty: what the record says of itself
    std::string path;
    bool isStairs = false; ///< each value holds until the next
    bool isBare = false; ///< means without the deviation of the runs
};

/// Records with ; between them, each "[LABEL: ]PATH[ as stairs|means]". Throws Error naming `field`, which
/// holds the text.
std::vector<DrawnRecord> drawnRecords(std::string_view text, const std::string& field);

struct TheoryCurve {
    std::vector<double> x, y; ///< x: theory.time where the lab has it, else the record's axis
};

struct TheoryLine {
    std::string label;
    std::vector<TheoryCurve> curves; ///< of each drawn record
    double markX = 0; ///< on the curves' axis; NaN: none
    std::vector<double> markY; ///< of each drawn record there; NaN: the lab does not say
};

struct TheoryPanel {
    std::string label;
    std::vector<TheoryLine> lines;
};

struct TheoryGrid {
    std::vector<DrawnRecord> records; ///< with labels
    std::string axis; ///< what x is
    std::string mark; ///< name of the mark; empty: none
    std::vector<TheoryPanel> panels;
};

struct TheoryQuestion {
    const Lab* lab = nullptr;
    std::vector<LabGridPanel> panels; ///< whose lines have one cell each
    std::vector<DrawnRecord> records; ///< empty: every curve over the steps
    std::string mark; ///< of theory.marks, up to the comma of its label; empty: none
};

/// `check` is called before each config and may throw. Throws Error where the lab has no theory, no record of
/// a path, or no mark of that name, and what the lab throws.
TheoryGrid theoryGrid(const TheoryQuestion& question, const std::function<void()>& check = {});

}
