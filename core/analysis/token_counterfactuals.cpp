// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/token_counterfactuals.h"

#include "core/analysis/run_again.h"
#include "core/analysis/token_fates.h"

#include <algorithm>
#include <cmath>

namespace fovea::analysis {

namespace {

Record emptyMap(const Judgement& group, const LayoutPtr& layout)
{
    Record record;
    record.info.path = "tokens.counterfactual";
    record.info.kind = Kind::Tokens;
    record.info.role = "change of the logit by the other fate";
    record.info.depth = group.depth;
    record.info.help = "each patch dropped where it was kept, kept where it was dropped, alone";
    record.value = Tensor::full({layout->tokens(), 1}, NAN);
    record.axes = defaultAxes(record.info, record.value.shape());
    record.queries = layout;
    return record;
}

}

Record counterfactualFates(const Architecture& architecture, const Weights& weights, const TracePtr& base,
    const std::string& keepPath, int classIndex, const ExecuteOptions& options)
{
    const auto fates = tokenFates(*base);
    const auto isNamed = [&](const Judgement& group) { return group.path == keepPath; };
    if (!fates || std::ranges::none_of(fates->groups, isNamed))
        throw Error("counterfactual fates: the run has no kept tokens '" + keepPath + "'");
    if (classIndex < 0 || classIndex >= base->output.count())
        throw Error("counterfactual fates: class " + std::to_string(classIndex) + " of "
            + std::to_string(base->output.count()));
    const Judgement& group = *std::ranges::find_if(fates->groups, isNamed);
    Record map = emptyMap(group, fates->layout);
    const auto out = map.value.writable();
    ExecuteOptions one = onceMore(*base, options);
    one.base = base;
    one.edits.push_back({});
    const int tokens = fates->layout->tokens();
    for (int token = 0; token < tokens; ++token) {
        const auto at = static_cast<std::size_t>(token);
        if (fates->layout->isSpecial(token) || !group.stood[at])
            continue;
        one.edits.back() = Edit{keepPath + "." + std::to_string(token), group.kept[at] ? "drop" : "keep", {}};
        const TracePtr run = execute(architecture, weights, base->input, one);
        out[at] = run->output.data()[classIndex] - base->output.data()[classIndex];
        if (options.progress)
            options.progress(static_cast<double>(token + 1) / tokens);
    }
    return map;
}

}
