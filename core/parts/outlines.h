// Numbers of a config read off the shapes of a foreign file, which may lack tensors or hold odd ones. Names
// are the architecture's already, through a name map.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fovea::parts {

/// What tensors say of a number: their extent along an axis, in units of `per`.
struct Witness {
    std::string names; ///< a pattern: '*' stands for any characters
    int rank, axis;
    Index per = 1;
};

/// What most tensors say holds, and the manifest then tells which do not fit. The tensors must outlive it.
class FOVEA_API Outlines {
public:
    explicit Outlines(const std::vector<TensorOutline>& tensors)
        : tensors_(tensors)
    {
    }
    bool has(std::string_view names) const;
    /// The number that most of the witnesses say; `otherwise` when none says any.
    Index most(const std::vector<Witness>& witnesses, Index otherwise) const;
    /// The least and the largest i of names `before` + i + what matches `after`; none: `otherwise` twice.
    std::pair<Index, Index> range(std::string_view before, std::string_view after, Index otherwise) const;

private:
    const std::vector<TensorOutline>& tensors_;
};

}
