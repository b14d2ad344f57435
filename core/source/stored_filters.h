// The filters of a model as its weights have them, by the signals that show them. No edit changes these.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/weights.h"
#include "core/trace/edit.h"

namespace fovea {

/// Of "<module>.weight": `<module>.complex_weight` [H, W/2 + 1, C, 2] as c64 [C, H, W/2 + 1]; undefined where
/// there is none of that form. `weights` must outlive what it is asked by.
FOVEA_API EditPlan::FilterSource storedFilters(const Weights& weights);

}
