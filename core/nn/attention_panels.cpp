// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/attention_panels.h"

#include <algorithm>

namespace fovea::nn {

void packTransposed(const Heads& heads, Index b, Index h, float* panels)
{
    for (Index first = 0; first < heads.tokens; first += panelWidth) {
        const int n = static_cast<int>(std::min<Index>(panelWidth, heads.tokens - first));
        const Rows rows{heads.head(b, h) + first * heads.tokenStride, heads.tokenStride};
        packPanel(rows, n, heads.channels, panels + first * heads.channels);
    }
}

void packPlain(const Heads& heads, Index b, Index h, float* panels)
{
    for (Index first = 0; first < heads.channels; first += panelWidth)
        for (Index j = 0; j < heads.tokens; ++j) {
            const float* from = heads.head(b, h) + j * heads.tokenStride + first;
            const Index n = heads.channels - first;
            if (n >= panelWidth)
                simd::copy<panelWidth>(from, panels);
            else
                std::fill_n(std::copy_n(from, n, panels), panelWidth - n, 0.0F);
            panels += panelWidth;
        }
}

void fetchTokens(const Heads& heads, Index b, Index h, Index first, Index count)
{
    if (!heads.storage.defined())
        return;
    for (Index t = first; t < std::min(heads.tokens, first + count); ++t)
        for (Index c = 0; c < heads.channels; c += 16)
            __builtin_prefetch(heads.head(b, h) + t * heads.tokenStride + c, 0, 2);
}

void maskScores(const float* kept, Index keys, int rows, Index room, float* strip)
{
    for (int r = 0; r < rows; ++r)
        for (Index key = 0; key < keys; ++key)
            if (kept[key] == 0)
                strip[r * room + key] = neverScore;
}

void addToScores(const float* bias, Index keys, int rows, Index room, float* strip)
{
    for (int r = 0; r < rows; ++r)
        for (Index key = 0; key < keys; ++key)
            strip[r * room + key] += bias[key];
}

void clearDroppedRows(const float* kept, Index keys, Index firstQuery, int rows, Index room, float* strip)
{
    for (int r = 0; r < rows; ++r)
        if (kept[firstQuery + r] == 0)
            std::fill_n(strip + r * room, keys, 0.0F);
}

void multiplyTransposedPanels(
    Rows a, int rows, const Heads& heads, const float* panels, Index stretch, float* strip)
{
    const Index room = panelsOf(heads.tokens) * panelWidth;
    for (Index first = 0; first < heads.tokens; first += panelWidth)
        multiplyTile({.a = a,
                         .b = {panels + first * heads.channels, panelWidth},
                         .depth = heads.channels,
                         .stretch = stretch},
            rows, strip + first, room);
}

}
