// A scene as pixels, and where its objects are.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/train/data_set.h"
#include "core/train/shapes/scene.h"

namespace fovea::train::shapes {

struct Rendered {
    Tensor picture; ///< u8 [3, side, side]
    std::vector<ObjectMask> objects; ///< in the scene's order
};

Rendered render(const Scene& scene, Index side);

}
