// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/shape.h"

#include "core/tensor/error.h"

#include <limits>

namespace fovea {

std::string Shape::text() const
{
    std::string out = "[";
    for (int i = 0; i < rank_; ++i)
        out += (i ? ", " : "") + std::to_string((*this)[i]);
    return out + "]";
}

Index checkedCount(std::span<const std::uint64_t> extents)
{
    constexpr auto limit = static_cast<std::uint64_t>(std::numeric_limits<Index>::max());
    bool empty = false;
    std::uint64_t n = 1;
    for (const std::uint64_t extent : extents) {
        if (extent > limit)
            throw Error("extent " + std::to_string(extent) + " does not fit in 63 bits");
        if (extent == 0) {
            empty = true;
            continue;
        }
        if (n > limit / extent)
            throw Error("the extents multiply to more than 63 bits");
        n *= extent;
    }
    return empty ? 0 : static_cast<Index>(n);
}

}
