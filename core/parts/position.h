// Learned position embeddings and global filters for a grid of another size. Positions that are computed need
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

/// A filter on the half spectrum, [H, W/2 + 1, C, 2], for tokens that fill the grid `to`: real and imaginary
/// parts as pictures, bicubic as above, where the first and last rows and columns stay the ends, as GFNet's
/// code does it (align_corners).
FOVEA_API Tensor resizedFilter(const Tensor& filter, GridSize to);

}
