// Where the gradients of heads go. Only core/nn includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/heads.h"

namespace fovea::nn {

/// The gradient of the storage of some heads, laid out in memory as they are.
struct HeadsSink {
    float* data = nullptr; ///< of the storage's first element
    bool adds = false;
    explicit operator bool() const { return data != nullptr; }
};
/// Where the heads are only a part of their storage, the rest of a new gradient is 0.
HeadsSink sinkFor(Run& run, Tape& tape, const Heads& heads);

}
