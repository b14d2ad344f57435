// The extent of a tensor along each axis, slowest first. Holds no memory of its own.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

namespace fovea {

using Index = std::int64_t;

/// Up to `maxRank` extents, row-major: the last axis is contiguous. Rank 0 is a scalar (one element).
class FOVEA_API Shape {
public:
    static constexpr int maxRank = 6;

    Shape() = default;
    Shape(std::initializer_list<Index> extents)
        : Shape(std::span<const Index>(extents.begin(), extents.size()))
    {
    }
    explicit Shape(std::span<const Index> extents)
        : rank_(static_cast<int>(extents.size()))
    {
        assert(extents.size() <= maxRank);
        for (int i = 0; i < rank_; ++i)
            extents_[static_cast<std::size_t>(i)] = extents[static_cast<std::size_t>(i)];
    }

    int rank() const { return rank_; }
    /// Extent of an axis; a negative axis counts from the end (-1 is the last).
    Index operator[](int axis) const { return extents_[slot(axis)]; }
    Index& operator[](int axis) { return extents_[slot(axis)]; }
    /// Number of elements: the product of all extents, 1 for rank 0.
    Index count() const
    {
        Index n = 1;
        for (int i = 0; i < rank_; ++i)
            n *= extents_[static_cast<std::size_t>(i)];
        return n;
    }
    std::span<const Index> extents() const { return {extents_.data(), static_cast<std::size_t>(rank_)}; }
    /// This shape without its leading axis.
    Shape tail() const { return Shape(extents().subspan(1)); }

    bool operator==(const Shape& other) const
    {
        return rank_ == other.rank_
            && std::equal(extents_.begin(), extents_.begin() + rank_, other.extents_.begin());
    }
    /// "[1, 197, 192]"
    std::string text() const;

private:
    std::size_t slot(int axis) const
    {
        assert(axis < rank_ && axis >= -rank_);
        return static_cast<std::size_t>(axis < 0 ? axis + rank_ : axis);
    }

    std::array<Index, maxRank> extents_{};
    int rank_ = 0;
};

/// The number of elements of extents that come from a file. Throws Error when an extent is negative
/// or the product does not fit in 63 bits; never trusts, never overflows.
FOVEA_API Index checkedCount(std::span<const std::uint64_t> extents);

}
