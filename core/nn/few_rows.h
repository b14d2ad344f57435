// Gradients of which most rows are 0: in the last block of a model that reads one token of the last layer,
// all others. What is done row by row is done for the few. Only core/nn includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

#include <vector>

namespace fovea::nn {

/// Whether all are 0; NaN is not.
bool isZero(const float* row, Index n);

/// The rows of a gradient [m, n] that are not 0, ascending, where they are few: at least one and at most
/// half. Else nothing; nor where the first four are all among them, which look like more than a class token.
std::vector<Index> fewRows(const float* gradient, Index m, Index n);

/// [row of `rows`, n]
Tensor takeRows(Run& run, const float* from, const std::vector<Index>& rows, Index n);
/// The gradient [m, n] of what takeRows read.
void placeRows(
    Run& run, const Tensor& few, const std::vector<Index>& rows, Index m, Index n, GradientSink out);

}
