// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/tokens.h"

#include <algorithm>

namespace fovea::nn {

Tensor unfoldPatches(Run& run, const Tensor& image, Index patch)
{
    const Index channels = image.dim(1), height = image.dim(2), width = image.dim(3);
    const Index rows = height / patch, cols = width / patch;
    assert(rows * patch == height && cols * patch == width);
    Tensor out = run.make({image.dim(0), rows * cols, channels * patch * patch});
    const float* from = image.data();
    float* to = out.writable().data();
    run.parallel(image.dim(0) * rows, [&](Index task) {
        const Index b = task / rows, row = task % rows;
        float* next = to + task * cols * channels * patch * patch;
        for (Index col = 0; col < cols; ++col)
            for (Index c = 0; c < channels; ++c)
                for (Index y = 0; y < patch; ++y) {
                    const Index line = (b * channels + c) * height + row * patch + y;
                    next = std::copy_n(from + line * width + col * patch, patch, next);
                }
    });
    return out;
}

Tensor concatTokens(Run& run, std::span<const Tensor> parts)
{
    Index batch = 1, tokens = 0;
    for (const Tensor& part : parts) {
        assert(part.rank() == 3 && part.dim(2) == parts.front().dim(2));
        batch = std::max(batch, part.dim(0));
        tokens += part.dim(1);
    }
    Tensor out = run.make({batch, tokens, parts.front().dim(2)});
    float* next = out.writable().data();
    for (Index b = 0; b < batch; ++b)
        for (const Tensor& part : parts) {
            const Index size = part.dim(1) * part.dim(2);
            next = std::copy_n(part.data() + (part.dim(0) == 1 ? 0 : b) * size, size, next);
        }
    return out;
}

Tensor takeToken(Run& run, const Tensor& x, Index token)
{
    const Index n = x.dim(1), channels = x.dim(2);
    Tensor out = run.make({x.dim(0), channels});
    for (Index b = 0; b < x.dim(0); ++b)
        std::copy_n(x.data() + (b * n + token) * channels, channels, out.writable().data() + b * channels);
    return out;
}

Tensor meanTokens(Run& run, const Tensor& x, Index first)
{
    const Index n = x.dim(1), channels = x.dim(2);
    Tensor out = run.make({x.dim(0), channels});
    for (Index b = 0; b < x.dim(0); ++b) {
        float* sum = out.writable().data() + b * channels;
        std::fill_n(sum, channels, 0.0F);
        for (Index t = first; t < n; ++t)
            for (Index c = 0; c < channels; ++c)
                sum[c] += x.data()[(b * n + t) * channels + c];
        for (Index c = 0; c < channels; ++c)
            sum[c] /= static_cast<float>(n - first);
    }
    return out;
}

}
