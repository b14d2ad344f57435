// How far a model's output is from what it should be, and the gradient of that with respect to the output.
// What comes before the output is the tape's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"
#include "core/train/batch.h"

namespace fovea::train {

struct Loss {
    double value = 0;
    Tensor gradient; ///< f32, of the output's shape
    Index rows = 0;
    Index right = 0; ///< rows whose largest logit is the label's; of crossEntropy() alone
};

/// -sum_c q_c log softmax(z)_c, the mean over all rows, in nats; q = (1 - s) onehot(label) + s / C with the
/// smoothing s (Szegedy et al. 2016, arXiv 1512.00567). `logits` f32 [..., C], `labels` i32 [...]. Throws
/// Error when a label is not in [0, C).
FOVEA_API Loss crossEntropy(Run& run, const Tensor& logits, const Tensor& labels, double smoothing = 0);

/// KL(t || softmax(z)) = sum_c t_c (log t_c - log softmax(z)_c), the mean over all rows, in nats. `target`
/// has the logits' shape; its rows are distributions. A term with t_c = 0 is 0.
FOVEA_API Loss klDivergence(Run& run, const Tensor& logits, const Tensor& target);

/// The mean over all elements of (x - t)^2.
FOVEA_API Loss meanSquaredError(Run& run, const Tensor& output, const Tensor& target);

/// What fits the batch: cross entropy of its labels or of its tokens' successors, or the squared error of a
/// series. Throws Error when the output has another shape than that needs.
FOVEA_API Loss lossOf(Run& run, const Tensor& output, const Batch& batch, double smoothing);

}
