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

/// [B, C, H, W] -> [B, H, W, C], as conv2d reads pictures.
FOVEA_API Tensor channelsLast(Run& run, const Tensor& image);

/// The parts one after the other along the token axis: each [B, n, C], or [1, n, C] for every sample.
FOVEA_API Tensor concatTokens(Run& run, std::span<const Tensor> parts);

/// One token: [B, N, C] -> [B, C].
FOVEA_API Tensor takeToken(Run& run, const Tensor& x, Index token);

/// Tokens [first, first + count): [B, N, C] -> [B, count, C].
FOVEA_API Tensor someTokens(Run& run, const Tensor& x, Index first, Index count);

/// The mean over tokens `first` and later: [B, N, C] -> [B, C].
FOVEA_API Tensor meanTokens(Run& run, const Tensor& x, Index first);

}
