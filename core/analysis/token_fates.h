// What became of each token of a model that drops some: scores, the group in which it went, how near it was
// to staying. It reads Keep records; it knows no rule and runs no model.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/trace.h"

#include <optional>
#include <string>
#include <vector>

namespace fovea::analysis {

/// One judgement of all original tokens.
struct Judgement {
    std::string path; ///< of its Keep record
    std::string block; ///< that shows it
    int depth = 0; ///< number of the first block behind it
    std::vector<double> score; ///< 0 for a token that was gone
    std::vector<bool> stood, kept; ///< was there before, is there after
};

struct FOVEA_API TokenFates {
    LayoutPtr layout; ///< of all tokens
    std::vector<Judgement> groups; ///< in the order of the model

    int groupCount() const { return static_cast<int>(groups.size()); }
    /// The group that dropped a token; groupCount(): it is still there.
    int droppedIn(int token) const;
    /// The first group behind which no patch is left, only special tokens; groupCount(): there is none.
    int emptiedBy() const;
    /// Share of the patches (tokens that are not special) that are left after a group.
    double keptShare(int group) const;
    /// Place of a patch's score among those that stood before a group, from 1; 0: it did not stand.
    int rankOf(int group, int token) const;
    /// Patches that stood before a group.
    int standing(int group) const;
};

/// Of one step of a trace. Nothing when it has no Keep record with the fields score and kept.
FOVEA_API std::optional<TokenFates> tokenFates(const Trace& trace, std::size_t step = 0);

/// What a group's scores had to exceed: by the last edit `threshold` of its Keep record, else by the config
/// field `threshold`. Nothing where another rule decides.
FOVEA_API std::optional<double> thresholdOf(const Trace& trace, const std::string& keepPath);

/// The group that dropped each patch, groupCount() for survivors: a Matrix [row, col] over the grid.
FOVEA_API Record survivalMap(const TokenFates& fates);

}
