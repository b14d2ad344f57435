// Gradients of a class's logit with respect to the picture's pixels, summed up by patch.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/patch_remover.h"

#include <functional>

namespace fovea::analysis {

/// d logit / d input of each picture of a batch [B, C, H, W], of that shape, under the question's edits and
/// class.
FOVEA_API Tensor inputGradients(
    const RelevanceQuestion& question, const Tensor& pictures, const ExecuteOptions& options);

/// All below are [patch]; `progress` of the options is told the share done.

/// Saliency (Simonyan et al., arXiv 1312.6034): the mean over a patch's pixels of max_c |g_c|.
FOVEA_API std::vector<double> gradientSaliency(
    const RelevanceQuestion& question, const ExecuteOptions& options);
/// Gradient x input: the sum over a patch's pixels and channels of g_c x_c; signed.
FOVEA_API std::vector<double> gradientTimesInput(
    const RelevanceQuestion& question, const ExecuteOptions& options);

struct NoiseOptions {
    int samples = 25;
    double sigma = 0.15; ///< share of the input's range, max - min
    std::uint64_t seed = 0;
};
/// SmoothGrad (Smilkov et al., arXiv 1706.03825): saliency of the mean gradient over noisy copies of the
/// picture.
FOVEA_API std::vector<double> smoothGradient(
    const RelevanceQuestion& question, const NoiseOptions& noise, const ExecuteOptions& options);

struct PathOptions {
    int steps = 32;
    Removal baseline = Removal::Zero; ///< where the path begins: the picture painted over that way
};
/// Integrated gradients (Sundararajan et al., arXiv 1703.01365): the sum over a patch's pixels and channels
/// of (x - x0) times the mean gradient on the straight path from x0, at the middles of `steps` equal parts.
/// All patches together sum to logit(x) - logit(x0), up to the sum's error.
FOVEA_API std::vector<double> integratedGradients(
    const RelevanceQuestion& question, const PathOptions& path, const ExecuteOptions& options);

}
