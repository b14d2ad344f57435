// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/patch_embedding.h"

#include "core/nn/linear.h"
#include "core/nn/tokens.h"

namespace fovea::parts {

Tensor patchEmbedding(Run& run, const Tensor& image, Index patch, const LayoutPtr& layout)
{
    const Tensor patches = nn::unfoldPatches(run, image, patch); // [B, N, C p p]
    return run.show("out", nn::linear(run, patches, "proj"), {.queries = layout});
}

}
