// Between pictures, sequences of tokens and single vectors: cutting, joining, pooling. They only move numbers
// or average them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

#include <span>

namespace fovea::nn {

/// The patches of a picture, row-major over the grid, each flattened as (channel, row, column):
/// [B, C, H, W] -> [B, H/p * W/p, C * p * p]. H and W must be multiples of p.
FOVEA_API Tensor unfoldPatches(Run& run, const Tensor& image, Index patch);

/// The same of tokens that fill a grid, which need not be a multiple of p: rows and columns that are left
/// over belong to no patch. [B, H * W, C] -> [B, floor(H/p) * floor(W/p), C * p * p].
FOVEA_API Tensor unfoldTokens(Run& run, const Tensor& x, Index rows, Index cols, Index patch);

/// [B, C, H, W] -> [B, H, W, C], as conv2d reads pictures.
FOVEA_API Tensor channelsLast(Run& run, const Tensor& image);

/// The parts one after the other along the token axis: each [B, n, C], or [1, n, C] for every sample.
FOVEA_API Tensor concatTokens(Run& run, std::span<const Tensor> parts);

/// One token: [B, N, C] -> [B, C].
FOVEA_API Tensor takeToken(Run& run, const Tensor& x, Index token);

/// Tokens [first, first + count): [B, N, C] -> [B, count, C].
FOVEA_API Tensor someTokens(Run& run, const Tensor& x, Index first, Index count);

/// Tokens by number, each sample's its own: [B, N, C] and i32 [B, n] -> [B, n, C]. A token may be taken once
/// at most.
FOVEA_API Tensor selectTokens(Run& run, const Tensor& x, const Tensor& numbers);

/// Each token times a number of its own: [B, N, C] and f32 [B, N], through which no gradient flows. Times 0
/// it is 0, whatever it was.
FOVEA_API Tensor scaledTokens(Run& run, const Tensor& x, const Tensor& factors);

/// The mean over tokens `first` and later: [B, N, C] -> [B, C].
FOVEA_API Tensor meanTokens(Run& run, const Tensor& x, Index first);

}
