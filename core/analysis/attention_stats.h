// Numbers that say what kind of a head one looks at: how sharp, how far, how much on special tokens. They say
// nothing of what a head is good for.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/attention.h"

#include <vector>

namespace fovea::analysis {

/// -sum_j a_j log a_j / log(number of keys) of one row: 0 when all lies on one key, 1 when it is uniform. The
/// keys are those of the row's group, also where it gives them nothing; NaN when one of them is NaN.
FOVEA_API double normalisedEntropy(std::span<const float> row);
/// normalisedEntropy of each row of a map [query, key].
FOVEA_API std::vector<double> entropyPerQuery(const Tensor& map);
/// The map [query, key] with each row over its sum: of the least or largest values over heads, which are no
/// shares. Rows without anything stay.
FOVEA_API Tensor asShares(const Tensor& map);
/// Mean over the queries of what each key gets, [key]; sums to 1.
FOVEA_API std::vector<double> receivedPerKey(const Tensor& map);

/// One head, averaged over its groups and queries.
struct HeadStats {
    double entropy = 0; ///< normalisedEntropy, over all queries
    /// Mean distance in pixels of the input between a query and what it attends to, over patch queries and
    /// patch keys alone, rows renormalised (Dosovitskiy et al., arXiv 2010.11929, figure 7 right). NaN when
    /// there are no such pairs, as in a text without places.
    double distance = 0;
    double uniformDistance = 0; ///< the distance that uniform attention over the same pairs would have
    double specialShare = 0; ///< of each query's attention, the mean share on special tokens
};
FOVEA_API std::vector<HeadStats> headStats(const Record& attention);

/// headStats of every head: Points [head, field] with the fields entropy, distance, uniform distance and
/// special share, called "<path>.stats".
FOVEA_API Record headStatistics(const Record& attention);

}
