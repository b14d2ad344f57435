// What is done to the tensors of another project before they are ours: joined, reshaped, permuted. Which
// tensor is meant is for the name map to say.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace fovea::parts {

/// An extent of a new shape: a number, or the source's extent at `axis` (negative: from the last).
struct Extent {
    Index number = 0;
    std::optional<int> axis;
};

/// One way from sources to a result; each step is left out when it is empty.
struct TensorRule {
    std::string patches; ///< "yxc" or "cyx"
    std::vector<Extent> reshape;
    std::vector<int> permute;
    std::optional<float> constant; ///< the result is filled with it; the one source only gives the shape

    /// Throws Error when the shapes do not suit the rule.
    Shape shapeFor(const std::vector<Shape>& sources) const;
    Tensor apply(const std::vector<Tensor>& sources) const;

private:
    struct Steps;
    Steps stepsFor(const std::vector<Shape>& sources) const;
};

}
