// What the brush asks the engine, in the background: the filtered map, and what the same cut does on
// coefficients at random. It draws nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include <array>

namespace fovea {

constexpr int controlSeeds = 3;

/// What the slot's edits change on random coefficients, of every class's logit: [class] for each seed.
struct BrushEffects {
    std::array<Tensor, controlSeeds> number{}, energy{};
    bool isKnown() const { return energy.back().defined(); }
};

/// `after` less `before`, of one shape.
Tensor differenceOf(const Tensor& after, const Tensor& before);
/// Whether a model's output is a list of classes' logits.
bool areLogits(const Tensor& output);
/// Whether `edited` is the run of the edits that the slot has now, not of earlier ones.
bool isRunOfEdits(const Slot& slot);

/// Under other edits than the slot's, on the base that it has. Runs in a Job.
Tensor logitsUnder(
    const Slot& slot, const Services& services, const std::vector<Edit>& edits, const Job::Context& context);
/// A signal of one block in a trace of the slot's model; nullptr when the model shows none of that name.
RecordPtr signalOf(const Slot& slot, const Services& services, const TracePtr& trace, const std::string& path,
    const Job::Context& context);
/// The controls of the slot's edits, `base` having logits.
BrushEffects measureEffects(const Slot& slot, const Services& services, const Job::Context& context);

}
