// Batch normalisation (Ioffe and Szegedy, 2015). Its statistics change in training alone, and are for the
// caller of the run to keep.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

namespace fovea::nn {

struct BatchNormOptions {
    double eps = 1e-5;
    double momentum = 0.1; ///< share of the batch in what is kept
};

/// (x - mean) / sqrt(var + eps) * w + b for each channel, the last axis: [..., C]. Reads `<name>.weight`,
/// `.bias`,
/// `.running_mean` and `.running_var`, all [C]. In training mean and (biased) variance are those of all of x
/// but the last axis, and the running ones are kept as (1 - momentum) * before + momentum * batch, with the
/// unbiased variance; otherwise they are the running ones.
FOVEA_API Tensor batchNorm(
    Run& run, const Tensor& x, std::string_view name, const BatchNormOptions& options = {});

}
