// What mixes tokens in the run that is shown, filters and attention patterns, by depth: which one is
// selected, and how it becomes so. It measures nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/job.h"
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
/// Tokens of a block in the order shown, with `marker` among them. What the run has not kept comes by running
/// that block again (in a Job); without a model only what was kept.
std::vector<RecordPtr> tokensOf(const Slot& slot, const Services& services, std::size_t step,
    const std::string& block, const RecordPtr& marker, const Job::Context& context);
/// Why a session has none of them, or lacks what `what` says: "This model has no spectral filters."
QString missingRun(const Session& session, const QString& what);

}
