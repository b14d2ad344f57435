// The numbers beside a relevance map: they say whether it tells what the answer depends on.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/mask_agreement.h"
#include "core/analysis/removal_curve.h"

namespace fovea::analysis {

struct RelevanceScores {
    double deletion = 0; ///< RemovalCurves::deletion's area: the lower, the better
    double insertion = 0; ///< RemovalCurves::insertion's area: the higher, the better
    double rank = 0; ///< Spearman's rho with removalEffects(): the higher, the better
    MaskAgreement mask = {}; ///< with the true mask: the higher, the better
};

/// Of each map [patch], but for the mask's. The curves have `steps` points besides the first; `progress` is
/// told the share done. Throws Cancelled.
FOVEA_API std::vector<RelevanceScores> relevanceScores(const PatchRemover& remover, int classIndex,
    const std::vector<std::vector<double>>& maps, int steps,
    const std::function<void(double)>& progress = {});

}
