// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/brush_work.h"

#include "widgets/views/brush_stroke.h"

#include "core/source/execute.h"

#include <algorithm>

namespace fovea {

namespace {

ExecuteOptions optionsOf(const Services& services, const Job::Context& context)
{
    ExecuteOptions options;
    options.patches = patchesOf(services, context);
    options.pool = services.pool;
    options.stop = context.stop;
    options.keepStates = false;
    return options;
}

}

double changeOf(const Tensor& before, const Tensor& after, int winner)
{
    return static_cast<double>(after.data()[winner]) - static_cast<double>(before.data()[winner]);
}

int winnerOf(const Tensor& logits)
{
    if (!logits.defined() || logits.rank() != 1 || logits.dtype() != DType::F32)
        return -1;
    const auto values = logits.values<float>();
    return static_cast<int>(std::ranges::max_element(values) - values.begin());
}

Tensor logitsUnder(
    const Slot& slot, const Services& services, const std::vector<Edit>& edits, const Job::Context& context)
{
    ExecuteOptions options = optionsOf(services, context);
    options.record = {};
    options.edits = edits;
    options.base = slot.base;
    return execute(*slot.architecture, *slot.weights, slot.base->input, options)->output;
}

RecordPtr signalOf(const Slot& slot, const Services& services, const TracePtr& trace, const std::string& path,
    const Job::Context& context)
{
    for (const SignalInfo& signal : slot.signalInfos())
        if (signal.path == path && !signal.block.empty()) {
            ExecuteOptions options = optionsOf(services, context);
            options.record = {path};
            return executeBlock(*slot.architecture, *slot.weights, trace, signal.block, options)->find(path);
        }
    return nullptr;
}

BrushEffects measureEffects(const Slot& slot, const Services& services, const Job::Context& context)
{
    BrushEffects effects;
    const Tensor& before = slot.base->output;
    const int winner = winnerOf(before);
    if (winner < 0 || !slot.edited)
        return effects;
    effects.cut = changeOf(before, slot.edited->output, winner);
    const auto under = [&](FrequencyRegion::Draw draw, int seed) {
        std::vector<Edit> edits = slot.edits;
        for (Edit& edit : edits)
            edit = controlOf(edit, draw, static_cast<std::uint64_t>(seed));
        return changeOf(before, logitsUnder(slot, services, edits, context), winner);
    };
    for (int seed = 0; seed < controlSeeds; ++seed) {
        const auto at = static_cast<std::size_t>(seed);
        effects.number[at] = under(FrequencyRegion::Draw::EqualNumber, seed);
        effects.energy[at] = under(FrequencyRegion::Draw::EqualEnergy, seed);
    }
    effects.winner = winner;
    return effects;
}

}
