// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/heads.h"

#include <algorithm>

namespace fovea::nn {

Heads unpacked(const Tensor& packed, int which, int count, int heads)
{
    const Index row = packed.dim(2), channels = row / (count * heads);
    assert(packed.rank() == 3 && row == count * heads * channels);
    return {packed, which * heads * channels, packed.dim(0), heads, packed.dim(1), channels,
        packed.dim(1) * row, channels, row};
}

Heads headsOf(const Tensor& t)
{
    assert(t.rank() == 4);
    return {t, 0, t.dim(0), t.dim(1), t.dim(2), t.dim(3), t.dim(1) * t.dim(2) * t.dim(3), t.dim(2) * t.dim(3),
        t.dim(3)};
}

Tensor gathered(Run& run, const Heads& heads)
{
    Tensor out = run.make({heads.batch, heads.heads, heads.tokens, heads.channels});
    float* to = out.writable().data();
    run.parallel(heads.batch * heads.heads, [&](Index task) {
        const float* from = heads.head(task / heads.heads, task % heads.heads);
        for (Index t = 0; t < heads.tokens; ++t)
            std::copy_n(from + t * heads.tokenStride, heads.channels,
                to + (task * heads.tokens + t) * heads.channels);
    });
    return out;
}

Tensor merged(Run& run, const Tensor& heads)
{
    const Heads from = headsOf(heads);
    Tensor out = run.make({from.batch, from.tokens, from.heads * from.channels});
    float* to = out.writable().data();
    run.parallel(from.batch * from.heads, [&](Index task) {
        const Index b = task / from.heads, h = task % from.heads;
        for (Index t = 0; t < from.tokens; ++t)
            std::copy_n(from.head(b, h) + t * from.tokenStride, from.channels,
                to + ((b * from.tokens + t) * from.heads + h) * from.channels);
    });
    return out;
}

Heads shown(Run& run, std::string_view signal, const Heads& heads, const LayoutPtr& layout)
{
    const auto bytes
        = static_cast<std::size_t>(heads.batch * heads.heads * heads.tokens * heads.channels) * sizeof(float);
    if (run.wants(signal, bytes) == Want::Nothing)
        return heads;
    const Tensor value = gathered(run, heads);
    const Tensor result = run.show(signal, value, {.queries = layout});
    return result.same(value) ? heads : headsOf(result);
}

}
