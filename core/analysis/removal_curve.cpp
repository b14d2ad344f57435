// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/removal_curve.h"

#include "core/analysis/effect.h"
#include "core/analysis/rank_correlation.h"

#include <algorithm>

namespace fovea::analysis {

namespace {

/// 0 to n - 1 in `steps` equal parts, rounded; the last patch stays.
std::vector<int> countsOf(int n, int steps)
{
    steps = std::clamp(steps, 1, n - 1);
    std::vector<int> counts;
    for (int k = 0; k <= steps; ++k)
        counts.push_back((2 * k * (n - 1) + steps) / (2 * steps));
    return counts;
}

std::vector<int> sorted(std::vector<int> set)
{
    std::ranges::sort(set);
    return set;
}

}

double RemovalCurve::area() const
{
    double sum = 0;
    for (std::size_t i = 1; i < patches.size(); ++i)
        sum += (probability[i - 1] + probability[i]) / 2 * (patches[i] - patches[i - 1]);
    return sum / (patches.back() - patches.front());
}

std::vector<RemovalCurves> removalCurves(const PatchRemover& remover, int classIndex,
    const std::vector<std::vector<double>>& maps, int steps, const std::function<void(double)>& progress)
{
    const int n = remover.patchCount();
    const std::vector<int> counts = countsOf(n, steps);
    std::vector<std::vector<int>> kept; // for each map: the sets of its deletion, then those of its insertion
    for (const std::vector<double>& map : maps) {
        const std::vector<int> order = largestFirst(map);
        for (const int removed : counts)
            kept.push_back(sorted({order.begin() + removed, order.end()}));
        for (const int removed : counts)
            kept.push_back(sorted({order.begin(), order.begin() + 1 + removed}));
    }
    const Tensor logits = remover.answers(kept, progress);
    const auto probability = [&](std::size_t set) {
        return softmax(logits.at(static_cast<Index>(set)))[static_cast<std::size_t>(classIndex)];
    };
    std::vector<RemovalCurves> curves(maps.size());
    std::size_t set = 0;
    for (RemovalCurves& one : curves) {
        for (const int removed : counts) {
            one.deletion.patches.push_back(removed);
            one.deletion.probability.push_back(probability(set++));
        }
        for (const int removed : counts) {
            one.insertion.patches.push_back(1 + removed);
            one.insertion.probability.push_back(probability(set++));
        }
    }
    return curves;
}

}
