// What the person looks at: one value, shared by all views. Places, not token numbers, so that one pin
// lights up every stage. It knows no widget.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/token_layout.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fovea {

/// Where a query or key is: a special token by its name, or a place in the input.
struct Spot {
    std::string special; ///< "cls"; empty: `place` counts
    Place place;
    bool operator==(const Spot&) const = default;
};

/// The spot of a token: its special name, or the centre of what it covers.
Spot spotOf(const TokenLayout& layout, int token);
/// The token of a layout at a spot, or -1: no such special token, outside the input, or dropped.
int tokenAt(const TokenLayout& layout, const Spot& spot);
/// Where a map begins when nobody has pointed at anything: the first special token, else the middle.
Spot defaultSpot(const TokenLayout& layout);

/// One cell of an attention matrix; either half may be open.
struct Cell {
    std::optional<Spot> query, key;
    bool empty() const { return !query && !key; }
    bool operator==(const Cell&) const = default;
};

/// How the heads of a layer become one map.
enum class HeadReading { One, Mean, Min, Max };
/// What a spot on the picture is: a query, whose row is shown, or a key, whose column is shown.
enum class Direction { QueryRow, KeyColumn };

struct Selection {
    std::size_t slot = 0;
    std::size_t step = 0; ///< position in the trace's steps
    std::string record; ///< path of the record chosen in the trace tree; empty: none
    int layer = 0; ///< among the attention patterns, in order of the run
    int group = 0; ///< window, row or cluster of the matrix
    int head = 0;
    int channel = 0; ///< of Heads, Tokens, Grid and Filter
    HeadReading reading = HeadReading::One;
    Direction direction = Direction::QueryRow;
    std::vector<std::pair<int, int>> brushed; ///< (layer, head) that stand out; empty: all
    Cell hover; ///< follows the mouse
    Cell pin; ///< stays until Esc

    /// The spot whose map is shown: what is pinned, else what is under the mouse.
    std::optional<Spot> anchor() const;
    /// The other half of the cell: what is under the mouse, else what is pinned.
    std::optional<Spot> other() const;
    /// What is shown, pinned: the same to every view, without the mouse.
    Selection held() const;
    bool operator==(const Selection&) const = default;
};

/// The half of a cell that a direction starts from, and the half at the other end.
std::optional<Spot>& anchorOf(Cell& cell, Direction direction);
std::optional<Spot>& otherOf(Cell& cell, Direction direction);

}
