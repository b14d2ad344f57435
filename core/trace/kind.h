// The closed list of what a signal can be. Views are chosen by Kind, never by plugin.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export.h"

#include <optional>
#include <span>
#include <string_view>

namespace fovea {

/// A new Kind needs two users and a line in docs/architecture.md. Axes of a Record (without batch):
enum class Kind {
    Attention, ///< [group, head, query, key]; the rows of a `pattern` sum to 1 over the keys
    Heads, ///< [head, token, channel]: q, k, v, a head's output
    Tokens, ///< [token, channel]
    Grid, ///< [channel, y, x]
    Filter, ///< [channel, ky, kx], complex; domain space, full or half spectrum
    Keep, ///< [token, field]: over the original tokens, fields score and kept (1 or 0)
    Points, ///< [item, field]
    Graph, ///< [edge, field]: fields from, to, weight
    Matrix, ///< [row, col]
    Vector, ///< [i]
    Scalar, ///< []
};

FOVEA_API std::string_view nameOf(Kind kind);
/// The Kind of that name, as files and `fovea list` write it.
FOVEA_API std::optional<Kind> kindOf(std::string_view name);
/// The names of a Kind's axes, slowest first.
FOVEA_API std::span<const std::string_view> axesOf(Kind kind);

}
