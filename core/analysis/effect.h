// What an intervention did to a classifier's answer. 'Effect' is said of interventions only.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <vector>

namespace fovea::analysis {

/// What a model answers: its output [class], or of a text's [token, id] what follows the last token. Those
/// below take either.
FOVEA_API Tensor answerOf(const Tensor& output);
/// exp(z_i) / sum_j exp(z_j) of logits [class], in double precision.
FOVEA_API std::vector<double> softmax(const Tensor& logits);

struct ClassScore {
    int index = 0;
    double logit = 0, probability = 0;
};
/// The `count` most probable classes of logits [class], the best first; equal ones by index.
FOVEA_API std::vector<ClassScore> topClasses(const Tensor& logits, int count = 5);

struct Effect {
    std::vector<double> logit; ///< after - before, per class
    std::vector<double> probability; ///< after - before, per class
    double kl = 0; ///< KL(before || after) = sum_i p_i log(p_i / q_i), in nats
};
/// Of two runs' logits [class]; throws Error when their shapes differ.
FOVEA_API Effect effectOf(const Tensor& before, const Tensor& after);

}
