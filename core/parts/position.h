// What is learned for each place or frequency of a grid, for a grid of another size. What is computed needs
// no resizing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

namespace fovea::parts {

struct GridSize {
    Index rows = 0, cols = 0;
    Index count() const { return rows * cols; }
    bool operator==(const GridSize&) const = default;
};

/// Positions [1, specials + from.count(), C] for the grid `to`: bicubic (Keys, a = -0.75, borders
/// repeated, pixel centres at (i + 0.5) * from / to - 0.5) on the grid part; the special tokens, which
/// come first, stay as they are.
FOVEA_API Tensor resizedPositions(const Tensor& positions, GridSize from, GridSize to);

/// A global filter's weight [H, W/2 + 1, C, 2] for the grid `to`, as GFNet's fine-tuning makes it (Rao et al.
/// 2021): real and imaginary parts bicubic as pictures, Keys' kernel as above, outer bins on outer bins.
FOVEA_API Tensor resizedFilter(const Tensor& pairs, GridSize to);

}
