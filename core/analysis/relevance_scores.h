// The numbers beside a relevance map: they say whether it tells what the answer depends on.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/interval.h"
#include "core/analysis/mask_agreement.h"
#include "core/analysis/removal_curve.h"

namespace fovea::analysis {

struct RelevanceScores {
    double deletion = 0; ///< RemovalCurves::deletion's area: the lower, the better
    double insertion = 0; ///< RemovalCurves::insertion's area: the higher, the better
    double rank = 0; ///< Spearman's rho with removalEffects(): the higher, the better
    MaskAgreement mask = {}; ///< with the true mask: the higher, the better
    double others = nan; ///< the pointing game with objects of other classes: the lower, the better
    double rankLow = nan, rankHigh = nan; ///< spearmanInterval() of `rank` over the patches
    RemovalCurves curves = {}; ///< whose areas the first two are
};

/// Where the numbers of random orders lie on one picture. Deletion and insertion of a map are exact there:
/// nothing was drawn, and so they have no interval of their own; what can be told is whether chance reaches
/// them. Of n draws the k-th smallest to the k-th largest hold a further random order with probability
/// (n + 1 - 2 k) / (n + 1), whatever its distribution; k is the largest that gives 95 %, at least 1.
struct RandomRange {
    int draws = 0;
    double share = 0; ///< that probability: .95 of 39 draws
    RelevanceScores low, high; ///< each number, and each point of the curves, by itself
};
FOVEA_API RandomRange randomRange(const std::vector<RelevanceScores>& draws);

/// Of each map [patch], but for what masks tell. The curves have `steps` points besides the first; `progress`
/// is told the share done. Throws Cancelled.
FOVEA_API std::vector<RelevanceScores> relevanceScores(const PatchRemover& remover, int classIndex,
    const std::vector<std::vector<double>>& maps, int steps,
    const std::function<void(double)>& progress = {});

}
