// Opening a model and its input, for the command line and the window alike.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

#include <string>

namespace fovea::app {

/// An input ready for a run.
struct ModelInput {
    Tensor input; ///< f32 [1, ...]
    Tensor picture; ///< u8 [H, W, 3], what the model sees; undefined when the input is a bare tensor
};

/// A picture is prepared as the weights say; .npy and the dataset `input` of an .h5 are used as they are,
/// a missing batch axis added. Throws Error naming the file.
ModelInput readInput(const std::string& path, const Architecture& architecture, const Weights& weights);

}
