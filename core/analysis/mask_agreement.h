// How a map agrees with the true outline of what it should point at.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <span>
#include <vector>

namespace fovea::analysis {

/// Both are shares, 0 to 1; NaN when the mask is empty or the map holds NaN alone.
struct MaskAgreement {
    /// Pointing game (Zhang et al., arXiv 1608.00507): whether the highest point lies in the mask. A map is
    /// constant on a patch, so it is the share of the highest patch that the mask covers: the chance that a
    /// point drawn there hits. Of several highest patches the mean.
    double pointing = 0;
    /// Intersection over union, by area, of the mask and the highest patches, as many as the mask covers
    /// (rounded, at least one). Equal values go in a fixed random order.
    double iou = 0;
};

/// `map` and `coverage` (see patchCoverage) have one number a patch; patches are of equal area.
FOVEA_API MaskAgreement agreementWithMask(std::span<const double> map, std::span<const double> coverage);

/// What any of these masks u8 [y, x] of one size covers; undefined: there is none.
FOVEA_API Tensor unionOfMasks(const std::vector<Tensor>& masks);

}
