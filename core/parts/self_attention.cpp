// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/self_attention.h"

#include "core/nn/dropout.h"
#include "core/nn/linear.h"

#include <cmath>

namespace fovea::parts {

Tensor selfAttention(Run& run, const Tensor& x, const SelfAttentionOptions& options, const LayoutPtr& layout)
{
    const Tensor qkv = nn::linear(run, x, "qkv"); // [B, N, 3 heads hd]
    const nn::Heads q = nn::unpacked(qkv, 0, 3, options.heads);
    const nn::Heads k = nn::unpacked(qkv, 1, 3, options.heads);
    const nn::Heads v = nn::unpacked(qkv, 2, 3, options.heads);
    const float scale = 1 / std::sqrt(static_cast<float>(q.channels));
    const Tensor z = nn::attention(
        run, q, k, v, {scale, layout, {}, options.kept, options.keyBias, options.taken}); // [B, N, heads hd]
    const Tensor y = options.projects ? nn::linear(run, z, "proj") : z;
    return run.show("out", nn::dropout(run, y, options.dropout, "proj_drop"), {.queries = layout});
}

}
