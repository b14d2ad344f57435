// What mixes tokens in the run that is shown, filters and attention patterns, by depth: which one is
// selected, and how it becomes so. It measures nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include <vector>

namespace fovea {

struct Mixer {
    RecordPtr record; ///< a Filter or an Attention record
    int number = 0; ///< layerNumber()
    int pattern = -1; ///< Selection::layer of a pattern; -1: a filter
    bool isFilter() const { return pattern < 0; }
};

/// By depth; of one block in order of the run.
std::vector<Mixer> mixersOf(const Trace& trace, std::size_t step);
/// The filter that the selection names, else the pattern it shows, else the first; -1: there is none.
int chosenMixer(const std::vector<Mixer>& mixers, const Selection& selection);
/// The same of a selection that another layer is shown in.
Selection withMixer(Selection selection, const Mixer& mixer);
/// Why a session has none of them, or lacks what `what` says: "This model has no spectral filters."
QString missingRun(const Session& session, const QString& what);

}
