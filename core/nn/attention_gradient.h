// The backward of attention, head by head: whole, or of the parts into which an edit cuts it. Only core/nn
// includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/heads_backward.h"

namespace fovea::nn {

/// Sinks for the queries, keys and values of one operation, which often are parts of one tensor.
struct AttentionSinks {
    HeadsSink q, k, v;
};
AttentionSinks sinksFor(Run& run, Tape& tape, const Heads& q, const Heads& k, const Heads& v);

/// With P = softmax(S), S = scale q k^T, z = P v and dz given: dP = dz v^T, dv = P^T dz,
/// dS_ij = P_ij (dP_ij - sum_j P_ij dP_ij), dq = scale dS k, dk = scale dS^T q. Each of P, dP and dS is made
/// where it is not given; what leads to no sink is left out.
struct AttentionGradient {
    Heads q = {}, k = {}, v = {}; ///< without storage: not needed
    float scale = 1;
    Tensor kept = {}, keyBias = {}; ///< see AttentionOptions; for the P that is made here
    Tensor sums = {}; ///< [B, head, query, 2]: each SoftmaxSum of P, where they are known
    Heads ofZ = {}; ///< dz; without storage where dP or dS is given
    Tensor pattern = {}, ofPattern = {},
           ofScores = {}; ///< [B, 1, head, query, key], as far as they are given
    AttentionSinks sinks = {};
    GradientSink patternSink = {}, scoresSink = {}; ///< dP and dS themselves

    void compute(Run& run) const;
};

}
