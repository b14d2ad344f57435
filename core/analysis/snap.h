// When a growth is over: the phase mark "snap" on a curve of training. It does not know what grew.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/shape.h"

#include <optional>
#include <span>

namespace fovea {

/// Of the logarithm of something that grows, one number a step: the first step behind the steepest one from
/// which to the next it grows by less than `share` of the steepest. None while it still grows, or never did.
FOVEA_API std::optional<Index> snapStep(std::span<const double> logGrowth, double share = 0.1);
/// The same where not every step was recorded: logGrowth[i] is that of steps[i], which ascend. Growth is
/// counted per step.
FOVEA_API std::optional<Index> snapStep(
    std::span<const double> steps, std::span<const double> logGrowth, double share = 0.1);

}
