// From numbers of samples to a model's input: augmented, normalised, stacked. Decides nothing about order.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/pool.h"
#include "core/run/random.h"
#include "core/source/weights.h"
#include "core/train/augment.h"
#include "core/train/data_set.h"

#include <span>

namespace fovea::train {

struct Batch {
    Tensor input; ///< Picture: f32 [B, channels, height, width]; Tokens: i32 [B, length]; Series: f32 [B,
                  ///< length, columns]
    Tensor labels; ///< i32 [B]; undefined where the samples have no class
    Tensor target; ///< Tokens: i32 [B, length]; Series: f32 [B, horizon, columns]; else undefined
};

struct BatchOptions {
    Preprocess preprocess; ///< mean and std alone are used: (v / 255 - mean) / std
    Augment augment; ///< of pictures; by default none
    RandomPlace place; ///< where the augmentations draw; `sample` is set to the sample's number
};

/// Samples `indices` of a split. The same bytes for any number of threads.
FOVEA_API Batch makeBatch(Pool& pool, const DataSet& data, Split split, std::span<const Index> indices,
    const BatchOptions& options);

/// The numbers 0 to count - 1, shuffled by (seed, step, path) of `place` alone (Fisher and Yates).
/// At most 2^32 of them: a data set has far fewer.
FOVEA_API std::vector<std::uint32_t> shuffledOrder(Index count, const RandomPlace& place);

/// Size, mean and standard deviation per channel of (at most 4096) training pictures, evenly spread. Of
/// tokens and series the defaults: they have no pixels. Throws Cancelled.
FOVEA_API Preprocess measurePreprocess(Pool& pool, const DataSet& data, const StopToken& stop = {});

}
