// All that flows from one block of a forward pass to the next. Not for parameters: those are read through the
// Run.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/named_tensors.h"
#include "core/trace/token_layout.h"

namespace fovea {

/// The boundary between two blocks. A block may read nothing else of what ran before it: that is what
/// lets a Run start again at any block from a stored State.
struct State {
    Tensor x; ///< activations with a leading batch axis: [B, token, channel] or [B, channel, y, x]
    LayoutPtr layout; ///< the tokens of x
    NamedTensors more; ///< whatever else flows on (scores, keep masks, recurrent state)
};

}
