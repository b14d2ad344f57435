// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/edit_selection.h"

#include "core/tensor/error.h"
#include "core/trace/attention.h"

#include <charconv>

namespace fovea::edits {

namespace {

/// The axes of an attention pattern with its batch.
constexpr int groupAxis = 1, headAxis = 2, queryAxis = 3, keyAxis = 4;

std::string where(const Shown& shown, const std::string& index)
{
    return std::string(shown.path) + ": index '" + index + "' ";
}

/// By its name: "cls", or "(7,4)" as row and column. -1: none is called so.
Index tokenNamed(const TokenLayout& layout, const std::string& name)
{
    for (int token = 0; token < layout.tokens(); ++token)
        if (layout.name(token) == name)
            return token;
    return -1;
}

Index indexOf(const std::string& text, const TokenLayout* layout, Index extent, const Shown& shown)
{
    Index i = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), i);
    if (error != std::errc() || end != text.data() + text.size())
        i = layout ? tokenNamed(*layout, text) : -1;
    if (i < 0 || i >= extent)
        throw UsageError(where(shown, text) + "is " + (layout ? "neither" : "not") + " 0 to "
            + std::to_string(extent - 1) + (layout ? " nor a token's name" : ""));
    return i;
}

/// The chosen query and key (tokens) as positions in one group; nothing when they are not both there.
std::optional<Selection> selectionIn(
    Index group, const Selection& chosen, const Shown& shown, const Tensor& value)
{
    Selection inGroup = chosen;
    inGroup[groupAxis] = group;
    for (const int axis : {queryAxis, keyAxis}) {
        Index& i = inGroup[static_cast<std::size_t>(axis)];
        const Tensor& index = axis == queryAxis ? shown.queryIndex : shown.keyIndex;
        const bool isAll = i < 0;
        if (!isAll)
            i = positionOf(index, value.dim(axis), static_cast<int>(group), static_cast<int>(i));
        if (!isAll && i < 0)
            return std::nullopt;
    }
    return inGroup;
}

}

std::optional<int> tokenAxis(Kind kind)
{
    switch (kind) {
    case Kind::Attention:
        return 2;
    case Kind::Heads:
        return 1;
    case Kind::Tokens:
    case Kind::Keep:
        return 0;
    default:
        return std::nullopt;
    }
}

std::vector<Selection> selections(
    Kind kind, const std::vector<std::string>& indices, const Shown& shown, const Tensor& value)
{
    Selection chosen(static_cast<std::size_t>(value.rank()), -1);
    int axis = kind == Kind::Attention ? headAxis : 1;
    for (const std::string& text : indices) {
        if (axis >= value.rank())
            throw UsageError(where(shown, text) + "is one too many for shape " + value.shape().tail().text());
        const bool isKey = kind == Kind::Attention && axis == keyAxis;
        const auto tokens = tokenAxis(kind);
        const bool isToken = tokens && (axis == *tokens + 1 || isKey);
        const TokenLayout* layout
            = isToken ? (isKey && shown.keys ? shown.keys : shown.queries).get() : nullptr;
        const bool isGrouped = kind == Kind::Attention && layout
            && ((isKey && shown.keyIndex.defined()) || (axis == queryAxis && shown.queryIndex.defined()));
        const Index extent = isGrouped ? layout->tokens() : value.dim(axis);
        chosen[static_cast<std::size_t>(axis)] = text == "*" ? -1 : indexOf(text, layout, extent, shown);
        ++axis;
    }
    if (kind != Kind::Attention || (chosen[queryAxis] < 0 && chosen[keyAxis] < 0))
        return {chosen};
    std::vector<Selection> found;
    for (Index group = 0; group < value.dim(groupAxis); ++group)
        if (const auto inGroup = selectionIn(group, chosen, shown, value))
            found.push_back(*inGroup);
    if (found.empty())
        throw UsageError(where(shown, indices.back()) + "names an edge that is in no group");
    return found;
}
}
