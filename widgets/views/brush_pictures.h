// One channel of a filter without and with edits, as pictures, and where the last stroke on it is. It runs no
// model and draws nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/brush_work.h"

#include "core/trace/frequency_region.h"

namespace fovea {

/// What pictures are of.
struct BrushSubject {
    WeightsPtr weights;
    TracePtr base;
    std::string path; ///< of the filter; empty: there is none
    int channel = 0;
    FrequencyPlane plane;

    bool operator==(const BrushSubject&) const = default;
    /// Whether a slot still holds that model and run.
    bool isOf(const Slot& slot) const { return weights == slot.weights && base == slot.base; }
};

struct BrushPictures {
    struct Side {
        Tensor magnitude, kernel; ///< [y, x]
    };
    Side before, after;
    std::vector<Axis> frequencies, offsets; ///< of magnitudes and of kernels: y, x
    Bins region; ///< of the last stroke on this channel; empty: there is none
    /// Of the controls of equal energy, mean over the seeds.
    struct Likeness {
        double energy = 0; ///< over the region's; 0: it has none
        double shared = 0; ///< how many of the region's frequencies they hold, over their number
    } control;
};

/// From the weights and the edits as they are. `weight` is the record of the subject's filter; an edit that
/// cannot be applied is left for the run to refuse.
BrushPictures picturesOf(const Slot& slot, const BrushSubject& subject, const Record& weight);
/// [y, x] of the subject's channel of a block's tokens; undefined where they are no such map.
Tensor mapOf(const RecordPtr& tokens, const BrushSubject& subject);

}
