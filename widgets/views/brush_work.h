// What the brush asks the engine, in the background: the filtered map, and what the same cut does on
// coefficients at random. It draws nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include <array>

namespace fovea {

constexpr int controlSeeds = 3;

/// Changes of the most probable class's logit.
struct BrushEffects {
    int winner = -1; ///< of the run without edits; -1: nothing is known
    double cut = 0;
    std::array<double, controlSeeds> number{}, energy{};
};

/// Of one run: logits and, where it was asked for, a block's filter.out.
struct BrushRun {
    Tensor output;
    RecordPtr map;
};

/// The change of the winner of `before`.
double changeOf(const Tensor& before, const Tensor& after, int winner);
int winnerOf(const Tensor& logits);

/// Under other edits than the slot's, on the base that it has. Runs in a Job.
Tensor logitsUnder(
    const Slot& slot, const Services& services, const std::vector<Edit>& edits, const Job::Context& context);
/// A signal of one block in a trace of the slot's model; nullptr when the model shows none of that name.
RecordPtr signalOf(const Slot& slot, const Services& services, const TracePtr& trace, const std::string& path,
    const Job::Context& context);
/// The controls of the slot's edits, `edited` being their run.
BrushEffects measureEffects(const Slot& slot, const Services& services, const Job::Context& context);

}
