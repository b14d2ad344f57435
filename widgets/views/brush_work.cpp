// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/brush_work.h"

#include "widgets/views/brush_stroke.h"

#include "core/source/execute.h"

#include <algorithm>
#include <functional>

namespace fovea {

namespace {

ExecuteOptions optionsOf(const Services& services, const Job::Context& context)
{
    ExecuteOptions options;
    options.patches = patchesOf(services, context);
    options.pool = services.labPool ? services.labPool : services.pool; // it follows each run
    options.stop = context.stop;
    options.keepStates = false;
    return options;
}

}

Tensor differenceOf(const Tensor& after, const Tensor& before)
{
    Tensor out(after.shape());
    std::ranges::transform(
        after.values<float>(), before.values<float>(), out.writable().begin(), std::minus<>());
    return out;
}

bool areLogits(const Tensor& output)
{
    return output.defined() && output.rank() == 1 && output.dtype() == DType::F32;
}

bool isRunOfEdits(const Slot& slot)
{
    return slot.edited
        && std::ranges::equal(
            slot.edits, slot.edited->provenance.edits, {}, [](const Edit& edit) { return edit.text(); });
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
    const auto under = [&](FrequencyRegion::Draw draw, int seed) {
        std::vector<Edit> edits = slot.edits;
        for (Edit& edit : edits)
            edit = controlOf(edit, draw, static_cast<std::uint64_t>(seed));
        return differenceOf(logitsUnder(slot, services, edits, context), before);
    };
    for (int seed = 0; seed < controlSeeds; ++seed) {
        const auto at = static_cast<std::size_t>(seed);
        effects.number[at] = under(FrequencyRegion::Draw::EqualNumber, seed);
        effects.energy[at] = under(FrequencyRegion::Draw::EqualEnergy, seed);
    }
    return effects;
}

}
