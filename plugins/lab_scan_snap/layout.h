// Which tokens there are and how probable they are: the sequence classes of Section 3.2. It draws none.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/lab_scan_snap/settings.h"

#include "core/tensor/shape.h"

#include <span>
#include <vector>

namespace fovea::plugin::scan_snap {

/// A next token n with the query psi(n) after which it comes, and P(.|n).
struct SequenceClass {
    Index query = 0; ///< number of the query, 0..queries - 1
    Index label = 0; ///< token n
    std::vector<Index> tokens; ///< common ones, the query's, distinct ones, and at last the query token
    std::vector<double> probabilities; ///< of all but the last
    std::size_t distinct = 0; ///< where the distinct ones begin

    std::size_t contextual() const { return probabilities.size(); }
};

/// Token ids in order: common, common to a query, distinct ones by class, queries, next tokens, never seen.
struct Layout {
    explicit Layout(const Language& language);

    Index vocabulary = 0; ///< M
    Index queries = 0;
    Index firstQuery = 0; ///< id; all contextual tokens come before
    std::vector<SequenceClass> classes; ///< K
    /// Those of every class's contextual tokens, as the official code makes and normalises them in float32.
    std::vector<float> officialProbabilities;

    Index count() const { return static_cast<Index>(classes.size()); }
    /// Rows of Y and columns of Z that can move: contextual tokens and queries.
    Index moving() const { return firstQuery + queries; }
    Index queryToken(Index query) const { return firstQuery + query; }
};

}
