// How attention reads a head: as panels that tiles are multiplied with. Only core/nn includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/heads.h"
#include "core/nn/tile.h"

namespace fovea::nn {

inline Index panelsOf(Index columns) { return divideUp(columns, panelWidth); }

/// How queries are cut: into ranges of whole tiles, about 120 long or what is `wanted`.
struct QueryCut {
    Index queries, blocks;
    Index rows; ///< of a block
    explicit QueryCut(Index count, Index wanted = 120)
        : queries(count)
        , blocks(divideUp(count, wanted))
        , rows(divideUp(divideUp(count, blocks), tileRows) * tileRows)
    {
    }
};

/// Tokens of head h as panels of their transpose, one behind the other: [panel][channel][token of the panel].
inline Index transposedSize(const Heads& heads)
{
    return panelsOf(heads.tokens) * panelWidth * heads.channels;
}
void packTransposed(const Heads& heads, Index b, Index h, float* panels);

/// The head as panels of its channels: [panel][token][channel of the panel], zero behind the last channel.
inline Index plainSize(const Heads& heads) { return panelsOf(heads.channels) * panelWidth * heads.tokens; }
void packPlain(const Heads& heads, Index b, Index h, float* panels);

/// Asks for `count` tokens of a head, as far as there are as many; none without storage.
void fetchTokens(const Heads& heads, Index b, Index h, Index first, Index count);

/// What softmaxes to nothing beside any score, and is a number.
constexpr float neverScore = -1e30F;
/// neverScore at keys that are not kept, in rows of scores that are `room` floats apart. `kept`: 1 or 0 for
/// each token of the sample.
void maskScores(const float* kept, Index keys, int rows, Index room, float* strip);
/// One number for each key, added to all rows.
void addToScores(const float* bias, Index keys, int rows, Index room, float* strip);
/// 0 in the rows of a pattern whose queries, from `firstQuery` on, are not kept.
void clearDroppedRows(const float* kept, Index keys, Index firstQuery, int rows, Index room, float* strip);

/// rows x all tokens: a (rows of channels) times the transposed panels; each row has room for whole panels.
/// `stretch`: see TileProduct. Scores are made in short ones: they are the sums whose rounding a softmax
/// magnifies.
constexpr Index stretchOfScores = 16;
void multiplyTransposedPanels(
    Rows a, int rows, const Heads& heads, const float* panels, Index stretch, float* strip);

}
