// Deletion and insertion: does a map put those patches first on which the answer depends? Numbers about a
// map, not a map.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/patch_remover.h"

namespace fovea::analysis {

/// The class's probability while patches go or come in a map's order.
struct RemovalCurve {
    std::vector<int> patches; ///< how many are removed (deletion) or present (insertion), ascending
    std::vector<double> probability; ///< softmax over all classes, one per point
    /// The curve's mean height: its area (trapezoids) over the width of its axis, 0 to 1.
    FOVEA_API double area() const;
};

/// Deletion removes the highest patches first: the lower its area, the better the map. Insertion begins with
/// the highest: the higher, the better (Petsiuk et al., RISE, arXiv 1806.07421, section 4.2; there painted
/// over, here as the remover has it). The sequence never gets empty: deletion ends, and insertion begins,
/// with one patch.
struct RemovalCurves {
    RemovalCurve deletion, insertion;
};

/// Of each map [patch]; all maps share their batches. `steps` points besides the first, at most one a patch;
/// equal values go in a fixed random order. Throws Cancelled.
FOVEA_API std::vector<RemovalCurves> removalCurves(const PatchRemover& remover, int classIndex,
    const std::vector<std::vector<double>>& maps, int steps,
    const std::function<void(double)>& progress = {});

}
