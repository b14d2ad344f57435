// Maps that ask the model nothing: what every relevance map has to beat.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/relevance_question.h"

namespace fovea::analysis {

/// All three [patch] over `patches`, a layout without special tokens.
/// Independent uniform numbers of that seed and of the picture's own values, so that pictures differ.
FOVEA_API std::vector<double> randomOrder(
    const TokenLayout& patches, const Tensor& input, std::uint64_t seed);
/// The mean of the prepared picture [1, C, H, W] over each patch's pixels and channels, channels as
/// `preprocess` undoes them: mean_c (v * std_c + mean_c).
FOVEA_API std::vector<double> patchBrightness(
    const TokenLayout& patches, const Tensor& picture, const Preprocess& preprocess);
/// exp(-(dx^2 + dy^2) / 2) of the distance to the picture's centre, in quarters of its width and height.
FOVEA_API std::vector<double> centredGaussian(const TokenLayout& patches);

/// The mean over each patch's pixels of a plane [H, W] of numbers per pixel.
FOVEA_API std::vector<double> patchMeans(
    const TokenLayout& patches, std::span<const double> plane, Index width);

}
