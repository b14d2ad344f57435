// Grad-CAM on a map of tokens: the channels on which a class depends, where they are strong.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/relevance_question.h"

namespace fovea::analysis {

/// Selvaraju et al. (arXiv 1610.02391), equations 1 and 2, with tokens for pixels: w_c = mean over the
/// patches t of d logit / d T[t, c]; the map is max(0, sum_c w_c T[t, c]), [token], 0 at special tokens.
/// `signal` is a Tokens signal T of the question's tokens; empty: the last one called `*.norm1.out`. Throws
/// Error when there is none, or it has other tokens; UsageError when the name is wrong.
FOVEA_API std::vector<double> gradCam(
    const RelevanceQuestion& question, const std::string& signal, const ExecuteOptions& options);

}
