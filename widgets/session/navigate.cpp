// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/navigate.h"

#include <algorithm>

namespace fovea {

namespace {

/// The special tokens of a layout, in order.
std::vector<int> specialsOf(const TokenLayout& tokens)
{
    std::vector<int> specials;
    for (int token = 0; token < tokens.tokens(); ++token)
        if (tokens.isSpecial(token))
            specials.push_back(token);
    return specials;
}

Spot moved(const TokenLayout& tokens, const Spot& from, int columns, int rows)
{
    const Area extent = tokens.extent();
    const double w = extent.width / tokens.gridCols(), h = extent.height / tokens.gridRows();
    const auto specials = specialsOf(tokens);
    if (!from.special.empty()) {
        const auto found = std::ranges::find(specials, tokens.specialNamed(from.special));
        const auto next = (found - specials.begin()) + columns;
        if (rows > 0)
            return {{}, {extent.x + w / 2, extent.y + h / 2}};
        if (next >= 0 && next < static_cast<std::ptrdiff_t>(specials.size()))
            return spotOf(tokens, specials[static_cast<std::size_t>(next)]);
        return from;
    }
    const Place to{from.place.x + columns * w, from.place.y + rows * h};
    if (to.y < extent.y && !specials.empty())
        return spotOf(tokens, specials.front());
    if (!extent.contains(to))
        return from;
    const int token = tokens.tokenAt(to);
    return token >= 0 ? spotOf(tokens, token) : Spot{{}, to};
}

}

Selection movedCell(const Patterns& patterns, Selection selection, int columns, int rows)
{
    const TokenLayout& tokens = patterns.near(selection.layer, selection.direction);
    if (tokens.gridCols() == 0 || tokens.gridRows() == 0)
        return selection;
    const Spot from = selection.anchor().value_or(defaultSpot(tokens));
    Cell& cell = anchorOf(selection.pin, selection.direction) ? selection.pin : selection.hover;
    anchorOf(cell, selection.direction) = moved(tokens, from, columns, rows);
    return selection;
}

Selection pinned(const Patterns& patterns, Selection selection)
{
    if (patterns.empty())
        return selection;
    const TokenLayout& tokens = patterns.near(selection.layer, selection.direction);
    anchorOf(selection.pin, selection.direction) = selection.anchor().value_or(defaultSpot(tokens));
    otherOf(selection.pin, selection.direction) = selection.other();
    return selection;
}

Selection movedLayer(const Patterns& patterns, Selection selection, int by)
{
    if (const int n = patterns.layers(); n > 0)
        selection.layer = (selection.layer + by + n) % n;
    return selection;
}

Selection movedHead(const Patterns& patterns, Selection selection, int by)
{
    if (patterns.empty())
        return selection;
    const int n = patterns.heads(selection.layer);
    selection.head = (selection.head + by + n) % n;
    selection.reading = HeadReading::One;
    return selection;
}

}
