// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/patch_embedding.h"

#include "core/nn/layer_norm.h"
#include "core/nn/linear.h"
#include "core/nn/tokens.h"

namespace fovea::parts {

Tensor patchEmbedding(
    Run& run, const Tensor& image, Index patch, const LayoutPtr& layout, std::optional<double> normEps)
{
    Tensor x = nn::unfoldPatches(run, image, patch); // [B, N, C p p]
    if (normEps)
        x = nn::layerNorm(run, x, "norm1", *normEps);
    x = nn::linear(run, x, "proj"); // [B, N, dim]
    if (normEps)
        x = nn::layerNorm(run, x, "norm2", *normEps);
    return run.show("out", x, {.queries = layout});
}

}
