// How gradients change parameters: stochastic gradient descent, Adam, AdamW. Pure functions; what an
// optimiser remembers is named tensors, and the rate of a step is core/train/schedule.h's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"
#include "core/source/manifest.h"

namespace fovea::train {

/// Parameters that learn faster or slower than the others.
struct RateFactor {
    std::string pattern; ///< of their names
    double factor = 1; ///< of the step's rate
};

struct OptimiserOptions {
    enum class Rule : std::uint8_t { Sgd, Adam, AdamW };
    Rule rule = Rule::AdamW;
    double momentum = 0.9; ///< of Sgd
    bool isNesterov = false; ///< of Sgd
    double beta1 = 0.9, beta2 = 0.999, eps = 1e-8; ///< of Adam and AdamW
    double weightDecay = 0;
    /// Else tensors of rank 0 or 1 (biases, norms) and those of shape [1, n, channels] (class token,
    /// positions) do not decay.
    bool decaysAll = true;
    std::vector<RateFactor> rates = {}; ///< the first that fits a parameter counts

    /// What the step's rate is multiplied by for a parameter.
    FOVEA_API double rateFactor(std::string_view parameter) const;
};

/// What a fresh optimiser remembers of each parameter, zeros: Sgd `momentum.<name>` (nothing without
/// momentum); Adam and AdamW `first.<name>` and `second.<name>`.
FOVEA_API NamedTensors startMoments(const OptimiserOptions& options, const Manifest& manifest);
FOVEA_API bool isDecayed(const OptimiserOptions& options, const Shape& shape);

/// One step's own numbers.
struct Update {
    Index number = 1; ///< of this step, from 1
    double rate = 0;
    double gradientScale = 1; ///< gradients are multiplied by it first (clipping)
};

struct Optimised {
    NamedTensors parameters, moments;
};

/// With the gradient g, the parameter p, the rate r and the decay d, as PyTorch computes them:
///   Sgd (Sutskever et al. 2013): g += d p; m = momentum m + g; p -= r m, or r (g + momentum m) for Nesterov.
///   Adam (Kingma and Ba 2014, arXiv 1412.6980): g += d p; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
///     p -= r / (1 - b1^t) m / (sqrt(v / (1 - b2^t)) + eps).
///   AdamW (Loshchilov and Hutter 2017, arXiv 1711.05101): p -= r d p, then as Adam without d.
/// A parameter without a gradient stays as it is, and so do its moments.
FOVEA_API Optimised optimise(Run& run, const OptimiserOptions& options, const Update& update,
    const Optimised& before, const NamedTensors& gradients);

/// The Euclidean norm of all gradients together, in double precision, summed in a fixed tree.
FOVEA_API double gradientNorm(Run& run, const NamedTensors& gradients);
/// What gradients are multiplied by so that their norm is at most `most` (0: no bound), as PyTorch's
/// clip_grad_norm_: min(1, most / (norm + 1e-6)).
FOVEA_API double clippingScale(double norm, double most);

}
