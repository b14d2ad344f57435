// Every head switched off, one at a time: what the answer loses. Heads that stand in for each other go
// unnoticed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/execute.h"

namespace fovea::analysis {

/// Both Matrix [layer, head], the layers' axis valued by layerNumber(); NaN where a layer has no such head.
struct HeadSweep {
    Record logit; ///< change of the class's logit, after - before: "sweep.logit"
    Record kl; ///< KL(before || after) over all classes, in nats: "sweep.kl"
};

/// Runs `<layer>.attn.head.<h>=off` for every Heads signal called `*.attn.head`, each from its own block on.
/// Edits of `base` stay in force; where it has none and kept its states, blocks before the head are not run
/// again. Uses pool, workspace, patches, stop and progress of the options. Throws Error when the model shows
/// no such signal or has no such class, Cancelled when it is stopped.
FOVEA_API HeadSweep sweepHeads(const Architecture& architecture, const Weights& weights, const TracePtr& base,
    int classIndex, const ExecuteOptions& options = {});

}
