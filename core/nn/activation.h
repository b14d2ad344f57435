// Elementwise nonlinearities by name, on tensors and (for the operations that fuse them) on vectors. Softmax,
// which looks along a row, is softmax.h.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

namespace fovea::nn {

enum class Activation {
    None,
    Relu,
    Gelu, ///< x Phi(x) = x (1 + erf(x / sqrt 2)) / 2
    GeluTanh, ///< x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2
    QuickGelu, ///< x sigmoid(1.702 x)
};

/// "gelu", "relu", "gelu_tanh", "quick_gelu" or "none": the choices of a Schema's field.
FOVEA_API Activation activationNamed(std::string_view name);

/// The activation of every element.
FOVEA_API Tensor activate(Run& run, const Tensor& x, Activation activation);

}
