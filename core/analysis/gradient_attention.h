// Attention weighed by what it does to a class's logit, to first order: Chefer's relevance and the gradient
// rollout.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/relevance_question.h"
#include "core/analysis/rollout.h"

namespace fovea::analysis {

/// The layers' patterns A and the gradients of the class's logit with respect to them, in order.
struct AttentionGradients {
    std::vector<RecordPtr> patterns, gradients;
};
/// By one run forward and backward under the question's edits. Throws Error when the model shows no attention
/// or the answer does not depend on it.
FOVEA_API AttentionGradients attentionGradients(
    const RelevanceQuestion& question, const ExecuteOptions& options = {});

/// Chefer, Gur and Wolf, "Generic Attention-model Explainability" (arXiv 2103.15679), equations 5 and 6 for
/// self-attention: A_bar = mean over heads of (grad A * A)^+, R = 1, R <- R + A_bar R from `startLayer` on.
/// [token, token]; a row is a query. Throws Error as rollout().
FOVEA_API LayerMap gradientAttention(const AttentionGradients& layers, int startLayer = 0);

/// Rollout of the maps (mean over heads of grad A * A)^+ (J. Gildenblat, vit-explain, 2020). With the variant
/// VitExplain as its function grad_rollout is published: row sums divide the columns, and the first token's
/// own entry may be left out too. (The class around that function hands it the gradients in backward order;
/// not followed.) `fusion` is not read. Throws Error as rollout().
FOVEA_API LayerMap gradientRollout(const AttentionGradients& layers, const RolloutOptions& options);

}
