// Queries, keys and values of all heads, wherever they lie in memory. A view: it computes nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

namespace fovea::nn {

/// Element (b, h, t, c) stands at origin + b * batchStride + h * headStride + t * tokenStride + c.
struct Heads {
    Tensor storage;
    Index origin = 0;
    Index batch = 0, heads = 0, tokens = 0, channels = 0;
    Index batchStride = 0, headStride = 0, tokenStride = 0;

    /// First token of a head.
    const float* head(Index b, Index h) const
    {
        return storage.data() + origin + b * batchStride + h * headStride;
    }
};

/// Part `which` of `count` in a packed [B, N, count * heads * channels]: the channel of head h and its
/// channel c is (which * heads + h) * channels + c.
FOVEA_API Heads unpacked(const Tensor& packed, int which, int count, int heads);
/// A tensor [B, head, token, channel] as it is.
FOVEA_API Heads headsOf(const Tensor& tensor);

/// The same numbers as [B, head, token, channel].
FOVEA_API Tensor gathered(Run& run, const Heads& heads);
/// Concatenation over heads, head-major: [B, head, token, channel] -> [B, token, head * channel].
FOVEA_API Tensor merged(Run& run, const Tensor& heads);

/// Shows heads as a signal when it is wanted; returns them, or what an edit put in their place.
FOVEA_API Heads shown(Run& run, std::string_view signal, const Heads& heads, const LayoutPtr& layout);

}
