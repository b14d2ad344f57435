// Whether two maps put the same places first. Ranks only: it asks nothing of the maps' scales.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export.h"

#include <span>
#include <utility>
#include <vector>

namespace fovea::analysis {

/// Rank of each value, 1 for the smallest; equal values share the mean of their ranks.
FOVEA_API std::vector<double> ranks(std::span<const double> values);
/// Spearman's rho: Pearson's correlation of the ranks, -1 to 1. NaN when a side is constant, holds NaN or has
/// fewer than two values.
FOVEA_API double spearman(std::span<const double> a, std::span<const double> b);
/// 95 % interval of a Spearman's rho over n values, by Fisher's transformation with the standard error of
/// Bonett and Wright (Psychometrika 65, 2000): tanh(atanh rho +- 1.96 sqrt((1 + rho^2 / 2) / (n - 3))). It
/// takes the n values for independent, which neighbouring patches are not: it is rather too narrow. NaN for
/// fewer than four values.
FOVEA_API std::pair<double, double> spearmanInterval(double rho, std::size_t n);
/// The indices of the values, the largest first. Equal values come in an order that is fixed but has nothing
/// to do with their places, so that a constant map is a random order; NaN comes last.
FOVEA_API std::vector<int> largestFirst(std::span<const double> values);

}
