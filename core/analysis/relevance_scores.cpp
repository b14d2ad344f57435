// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/relevance_scores.h"

#include "core/analysis/rank_correlation.h"

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
    for (std::size_t i = 0; i < maps.size(); ++i)
        scores.push_back(RelevanceScores{
            curves[i].deletion.area(), curves[i].insertion.area(), spearman(maps[i], effects), {}});
    return scores;
}

}
