// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/global_filter.h"

#include "core/nn/global_filter.h"

namespace fovea::parts {

Tensor globalFilter(Run& run, const Tensor& x, const LayoutPtr& layout)
{
    constexpr std::string_view name = "complex_weight";
    const Tensor tokens = run.show("in", x, {.queries = layout}); // [B, N, C]
    const Tensor& weight = run.weight(name);
    const Index rows = layout->gridRows(), cols = layout->gridCols();
    const bool isWatched
        = run.wants("weight", weight.byteSize()) != Want::Nothing || !run.gradientPath("weight").empty();
    if (!isWatched)
        return run.show("out", nn::globalFilter(run, tokens, weight, rows, cols, name), {.queries = layout});
    const Tensor filter = nn::filterFromPairs(run, weight); // [1, C, H, W/2 + 1]
    const Tensor shown = run.show("weight", filter, {.queries = layout});
    const Tensor used = nn::pairsFromFilter(run, shown);
    return run.show("out", nn::globalFilter(run, tokens, used, rows, cols), {.queries = layout});
}

}
