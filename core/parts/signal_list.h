// How an architecture writes down the signals of one block, with those that many have in common. Collects;
// decides nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

namespace fovea::parts {

/// Adds to `list` what one block shows, or what stands around the blocks (depth -1).
struct FOVEA_API SignalList {
    std::vector<SignalInfo>& list;
    std::string block, prefix; ///< the block's path; what stands before every signal's name
    int depth = -1;

    /// The signal just added, for what is special about it.
    SignalInfo& add(
        const std::string& name, Kind kind, const std::string& role, const std::string& help = {});
    /// What a LayerNorm makes of the stream; `help` says who reads it.
    void norm(const std::string& name, const std::string& help);
    /// All of nn::attention() and `out`, under `name`; `adds` says what the latter is for.
    void attention(const std::string& name, const std::string& adds);
    /// `in`, `weight` and `out` of parts::globalFilter(), under `name`.
    void filter(const std::string& name);
    /// `hidden` and `out` of parts::mlp(), under `mlp`.
    void mlp(const std::string& adds = "what the MLP adds to the stream");
};

}
