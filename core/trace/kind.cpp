// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/kind.h"

#include <array>

namespace fovea {

namespace {

struct Row {
    Kind kind;
    std::string_view name;
    std::array<std::string_view, 4> axes;
    std::size_t rank;
};

constexpr std::array<Row, 11> kinds{{
    {Kind::Attention, "attention", {"group", "head", "query", "key"}, 4},
    {Kind::Heads, "heads", {"head", "token", "channel"}, 3},
    {Kind::Tokens, "tokens", {"token", "channel"}, 2},
    {Kind::Grid, "grid", {"channel", "y", "x"}, 3},
    {Kind::Filter, "filter", {"channel", "ky", "kx"}, 3},
    {Kind::Keep, "keep", {"token", "field"}, 2},
    {Kind::Points, "points", {"item", "field"}, 2},
    {Kind::Graph, "graph", {"edge", "field"}, 2},
    {Kind::Matrix, "matrix", {"row", "col"}, 2},
    {Kind::Vector, "vector", {"i"}, 1},
    {Kind::Scalar, "scalar", {}, 0},
}};

const Row& rowOf(Kind kind) { return kinds[static_cast<std::size_t>(kind)]; }

}

std::string_view nameOf(Kind kind) { return rowOf(kind).name; }

std::optional<Kind> kindOf(std::string_view name)
{
    for (const Row& row : kinds)
        if (row.name == name)
            return row.kind;
    return std::nullopt;
}

std::span<const std::string_view> axesOf(Kind kind)
{
    return std::span(rowOf(kind).axes).first(rowOf(kind).rank);
}

}
