// One number for each patch of a picture: how a relevance map is kept and read. It computes no relevance.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/trace.h"

#include <span>
#include <vector>

namespace fovea::analysis {

/// The tokens of a layout that are no special ones, in order.
FOVEA_API std::vector<int> patchTokens(const TokenLayout& layout);

/// A Tokens record [patch, 1] with that path and role; its layout is `layout` without the special tokens.
/// `values` has one number for each patch, or one for each token of `layout`, of which those of special
/// tokens are left out.
FOVEA_API Record patchMap(const SignalInfo& info, const std::vector<double>& values, const LayoutPtr& layout);
/// The numbers of such a record, [patch].
FOVEA_API std::vector<double> patchValues(const Record& map);

/// The share of each patch that a mask covers, [patch], 0 to 1. `mask` is u8 [y, x] over the prepared
/// picture, 255 where a pixel is covered whole; its extents may differ from the layout's. `layout` has
/// patches alone.
FOVEA_API std::vector<double> patchCoverage(const Tensor& mask, const TokenLayout& layout);

}
