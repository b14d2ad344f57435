// Sums and multiples of tensors, element by element. There is no broadcasting but over the batch.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

namespace fovea::nn {

/// a + b for equal shapes; a `b` with a leading axis of 1 is added to each sample.
FOVEA_API Tensor add(Run& run, const Tensor& a, const Tensor& b);
/// The sum over the leading axis, which stays with extent 1.
FOVEA_API Tensor summedOverSamples(Run& run, const Tensor& x);
FOVEA_API Tensor scaled(Run& run, const Tensor& x, float factor);

/// Each channel times a number of its own: x [.., C], w [C].
FOVEA_API Tensor scaledChannels(Run& run, const Tensor& x, const Tensor& w);

}
