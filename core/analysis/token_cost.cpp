// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/token_cost.h"

#include "core/analysis/run_again.h"
#include "core/analysis/token_fates.h"

#include <algorithm>

namespace fovea::analysis {

namespace {

double medianOf(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

}

TokenCost measureTokenCost(const Architecture& architecture, const Weights& weights, const Trace& trace,
    int repeats, const ExecuteOptions& options)
{
    const auto fates = tokenFates(trace);
    if (!fates)
        throw Error("cost of tokens: the run drops none");
    ExecuteOptions now = onceMore(trace, options), full = now;
    now.base = full.base = nullptr;
    for (const Judgement& group : fates->groups) {
        std::erase_if(full.edits, [&](const Edit& edit) { return matches(edit.path, group.path); });
        full.edits.push_back(Edit{group.path, "keep", {}});
    }
    TokenCost cost;
    now.macs = &cost.macs;
    full.macs = &cost.fullMacs;
    cost.logits = execute(architecture, weights, trace.input, now)->output;
    cost.fullLogits = execute(architecture, weights, trace.input, full)->output;
    now.macs = full.macs = nullptr;
    double seconds = 0;
    now.seconds = full.seconds = &seconds;
    std::vector<double> times, fullTimes;
    for (int i = 0; i < repeats; ++i)
        for (const bool isFull : {false, true}) {
            execute(architecture, weights, trace.input, isFull ? full : now);
            (isFull ? fullTimes : times).push_back(seconds);
            if (options.progress)
                options.progress((i + 0.5 * (isFull ? 2 : 1)) / repeats);
        }
    cost.seconds = medianOf(std::move(times));
    cost.fullSeconds = medianOf(std::move(fullTimes));
    return cost;
}

}
