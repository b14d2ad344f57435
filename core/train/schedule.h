// The learning rate of each step. A function of the step's number alone.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export.h"
#include "core/tensor/shape.h"

namespace fovea::train {

struct Schedule {
    enum class Form : std::uint8_t { Constant, Cosine, Epochs };
    Form form = Form::Cosine;
    double rate = 1e-3; ///< the largest
    Index warmup = 0; ///< steps of linear growth before: step s has rate * (s + 1) / warmup
    Index steps = 0; ///< all of them, warm-up included
    Index epoch = 1; ///< steps of an epoch, of Epochs
    double gamma = 1; ///< what is left of the rate after each, of Epochs

    /// Of step `step`, from 0. Cosine (Loshchilov and Hutter 2016, arXiv 1608.03983), with t from 0 to n - 1
    /// through the n steps after the warm-up: rate * (1 + cos(pi t / n)) / 2. Epochs, as PyTorch's StepLR
    /// once an epoch: rate * gamma^(whole epochs before the step).
    FOVEA_API double at(Index step) const;
};

}
