// The global filter as a layer that shows what it does: GFNet's, and SpectFormer's in its spectral blocks.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

namespace fovea::parts {

/// nn::globalFilter() with `complex_weight` [H, W/2 + 1, C, 2] of the present scope, on tokens that fill the
/// grid of `layout`. Shows `in`, `weight` (Filter, half spectrum) and `out`; an edit of `weight` is what the
/// filter uses.
FOVEA_API Tensor globalFilter(Run& run, const Tensor& x, const LayoutPtr& layout);

}
