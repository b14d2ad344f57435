// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/relevance_scores.h"

#include "core/analysis/rank_correlation.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace fovea::analysis {

std::vector<RelevanceScores> relevanceScores(const PatchRemover& remover, int classIndex,
    const std::vector<std::vector<double>>& maps, int steps, const std::function<void(double)>& progress)
{
    const auto half = [&](double begin) {
        return [&progress, begin](double share) {
            if (progress)
                progress(begin + share / 2);
        };
    };
    const std::vector<double> effects = removalEffects(remover, classIndex, half(0));
    const auto curves = removalCurves(remover, classIndex, maps, steps, half(0.5));
    std::vector<RelevanceScores> scores;
    for (std::size_t i = 0; i < maps.size(); ++i) {
        const double rank = spearman(maps[i], effects);
        const auto [low, high] = spearmanInterval(rank, effects.size());
        scores.push_back({curves[i].deletion.area(), curves[i].insertion.area(), rank, {nan, nan}, nan, low,
            high, curves[i]});
    }
    return scores;
}

RandomRange randomRange(const std::vector<RelevanceScores>& draws)
{
    const auto n = static_cast<int>(draws.size());
    const int k = std::max(1, (n + 1) / 40);
    RandomRange range{n, static_cast<double>(n + 1 - 2 * k) / (n + 1), {}, {}};
    const auto rangeOf = [&](const auto& number) {
        std::vector<double> all;
        for (const RelevanceScores& one : draws)
            all.push_back(number(one));
        if (std::ranges::any_of(all, [](double v) { return std::isnan(v); }))
            return std::pair(nan, nan);
        std::ranges::sort(all);
        return std::pair(all[static_cast<std::size_t>(k - 1)], all[static_cast<std::size_t>(n - k)]);
    };
    for (double RelevanceScores::*number : {&RelevanceScores::deletion, &RelevanceScores::insertion,
             &RelevanceScores::rank, &RelevanceScores::others})
        std::tie(range.low.*number, range.high.*number)
            = rangeOf([number](const RelevanceScores& one) { return one.*number; });
    for (double MaskAgreement::*number : {&MaskAgreement::pointing, &MaskAgreement::iou})
        std::tie(range.low.mask.*number, range.high.mask.*number)
            = rangeOf([number](const RelevanceScores& one) { return one.mask.*number; });
    range.low.curves = range.high.curves = draws.front().curves;
    for (RemovalCurve RemovalCurves::*curve : {&RemovalCurves::deletion, &RemovalCurves::insertion})
        for (std::size_t i = 0; i < (draws.front().curves.*curve).probability.size(); ++i)
            std::tie((range.low.curves.*curve).probability[i], (range.high.curves.*curve).probability[i])
                = rangeOf(
                    [curve, i](const RelevanceScores& one) { return (one.curves.*curve).probability[i]; });
    return range;
}

}
