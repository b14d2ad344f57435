// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/token_cost.h"

#include "core/analysis/interval.h"
#include "core/analysis/run_again.h"
#include "core/analysis/token_fates.h"

namespace fovea::analysis {

TokenCost measureTokenCost(const Architecture& architecture, const Weights& weights, const Trace& trace,
    int repeats, const ExecuteOptions& options)
{
    const auto fates = tokenFates(trace);
    if (!fates)
        throw Error("cost of tokens: the run drops none");
    ExecuteOptions now = onceMore(trace, options), full = now;
    now.base = full.base = nullptr;
    for (const Judgement& group : fates->groups) {
        now.record.push_back(group.path); // watched alike, whether or not there are edits
        std::erase_if(full.edits, [&](const Edit& edit) { return matches(edit.path, group.path); });
        full.edits.push_back(Edit{group.path, "keep", {}});
    }
    full.record = now.record;
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
    cost.seconds = median(times);
    cost.fullSeconds = median(fullTimes);
    return cost;
}

}
