// A trained model whose answers another one learns to give. How labels are learned is core/train/loss.h's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/schema.h"
#include "core/source/source.h"
#include "core/train/loss.h"

#include <string>

namespace fovea::train {

/// The numbers of a Teacher: `teacher_share` and `temperature`.
FOVEA_API Schema teacherSchema();

/// Soft distillation (Hinton et al. 2015, arXiv 1503.02531; DeiT, arXiv 2012.12877, equation 2):
///   (1 - share) own loss + share T^2 KL(softmax(t / T) || softmax(z / T)),
/// z the pupil's logits, t the teacher's, T the temperature. The teacher sees the augmented pictures that the
/// pupil sees, normalised its own way, and does not learn.
struct FOVEA_API Teacher {
    const Architecture* architecture = nullptr; ///< nullptr: there is no teacher
    WeightsPtr weights = {};
    double share = 0; ///< 0 to 1
    double temperature = 1;
    std::string name = "teacher"; ///< its file, for errors

    /// Throws Error naming the field where its input is not of that shape (of a sample).
    void requireInput(const Shape& sample) const;
    /// Of the pupil's batch: what labels alone make of it, and what that was made from.
    struct Lesson {
        const Tensor& input; ///< as `preprocess` normalised it
        const Preprocess& preprocess;
        const Tensor& logits; ///< the pupil's, f32 [B, class]
    };
    /// The loss with the teacher's answer mixed into `own`; `means` has no tape and no probe. Throws Error
    /// when teacher and pupil have other classes.
    Loss mixed(const RunOptions& means, Loss own, const Lesson& lesson) const;
};

}
