// What is left of a lab's runs after so many steps, over a grid of configs and several seeds: means and
// deviations along an axis. Runs that are known are not made again.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/labs/lab_grid.h"
#include "widgets/labs/lab_theory.h"
#include "widgets/labs/sweep_memory.h"

#include "core/analysis/lab_sweep.h"

namespace fovea {

struct SweepQuestion {
    const Lab* lab = nullptr;
    std::vector<LabGridPanel> panels;
    DrawnRecord record;
    std::string axis; ///< what the elements of the record are, where the grid has no axis
    std::vector<std::uint64_t> seeds;
    Index steps = 100, element = 0;
};

struct SweptPlace {
    double x = 0; ///< the value on the axis, or its index where one of them is no number
    double n = 0; ///< runs that did not fail
    double mean = 0; ///< NaN without any
    double deviation = 0; ///< of the runs, n - 1 in its denominator; NaN with fewer than two
};

struct SweptLine {
    std::string label;
    std::vector<SweptPlace> places;
};

struct SweptPanel {
    std::string label;
    std::vector<SweptLine> lines;
};

struct SweptGrid {
    DrawnRecord record; ///< with its label
    std::string axis;
    std::vector<std::string> names; ///< of the places, where they are no numbers
    std::vector<SweptPanel> panels;
    std::size_t runs = 0, failed = 0;
    std::string problem; ///< of the first that failed
};

/// How many runs a question takes.
std::size_t runsOf(const SweepQuestion& question);

/// `means.done` is taken: each run goes to the memory. Throws Error where the lab has no such record or
/// element, and Cancelled.
SweptGrid sweptGrid(const SweepQuestion& question, SweepMemory& memory, analysis::SweepMeans means);

}
