// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/selection.h"

namespace fovea {

Spot spotOf(const TokenLayout& layout, int token)
{
    if (layout.isSpecial(token))
        return {layout.name(token), {}};
    return {{}, layout.centre(token)};
}

int tokenAt(const TokenLayout& layout, const Spot& spot)
{
    return spot.special.empty() ? layout.tokenAt(spot.place) : layout.specialNamed(spot.special);
}

Spot defaultSpot(const TokenLayout& layout)
{
    for (int token = 0; token < layout.tokens(); ++token)
        if (layout.isSpecial(token))
            return spotOf(layout, token);
    const int middle = layout.tokenAt(layout.extent().centre());
    return spotOf(layout, middle >= 0 ? middle : 0);
}

std::optional<Spot>& anchorOf(Cell& cell, Direction direction)
{
    return direction == Direction::QueryRow ? cell.query : cell.key;
}

std::optional<Spot>& otherOf(Cell& cell, Direction direction)
{
    return direction == Direction::QueryRow ? cell.key : cell.query;
}

std::optional<Spot> Selection::anchor() const
{
    Cell pinned = pin, hovered = hover;
    const auto& fixed = anchorOf(pinned, direction);
    return fixed ? fixed : anchorOf(hovered, direction);
}

std::optional<Spot> Selection::other() const
{
    Cell pinned = pin, hovered = hover;
    const auto& moving = otherOf(hovered, direction);
    return moving ? moving : otherOf(pinned, direction);
}

Selection Selection::held() const
{
    Selection s = *this;
    anchorOf(s.pin, direction) = anchor();
    otherOf(s.pin, direction) = other();
    s.hover = {};
    return s;
}

}
