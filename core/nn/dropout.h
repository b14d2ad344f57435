// What is left out at random in training, and nothing else is: in any other run these hand x on as it is.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

namespace fovea::nn {

/// Each element is 0 with probability p, else divided by 1 - p (Srivastava et al., 2014). What is drawn is a
/// function of the run's seed and step, the run's scope and `name`, the sample's place in the batch, and the
/// element.
FOVEA_API Tensor dropout(Run& run, const Tensor& x, double p, std::string_view name);
/// The same of whole samples: stochastic depth, for what a branch adds to the stream (Huang et al., 2016).
FOVEA_API Tensor dropPath(Run& run, const Tensor& x, double p, std::string_view name);

}
