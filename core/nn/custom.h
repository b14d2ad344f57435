// An operation of a plugin's own, with its backward. It knows nothing of what either computes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

#include <functional>
#include <vector>

namespace fovea::nn {

/// What the backward of a custom operation gets to see.
struct CustomBackward {
    const std::vector<Tensor>& inputs;
    const Tensor& output;
    const Tensor& gradient; ///< of the output: its shape and type (c64: real and imaginary parts)
};

/// The result of forward(run), a tensor just made (f32 or c64), of `inputs`. backward(run, what) gives one
/// gradient for each input, of its shape and type; an undefined one where none flows. The backward is called
/// with a tape only, and only when some input is reached; it must cut its work by shape alone, as all do.
FOVEA_API Tensor custom(Run& run, std::vector<Tensor> inputs, const std::function<Tensor(Run&)>& forward,
    std::function<std::vector<Tensor>(Run&, const CustomBackward&)> backward);

}
