// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/input_gradient.h"

#include "core/analysis/input_baselines.h"
#include "core/source/execute_backward.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <cmath>

namespace fovea::analysis {

namespace {

constexpr Index tapeLimit = 8; // pictures that run at once: a tape holds on to what it met

using Doubles = std::vector<double>;

Tensor pictureOf(const RelevanceQuestion& question)
{
    const Tensor& input = question.base->input;
    if (input.rank() != 4)
        throw Error("input gradient: expected a picture [B, C, H, W], found " + input.shape().text());
    return inputOf(question);
}

/// Of a gradient [channel, pixel]: max_c |g_c| for each pixel, then the mean of each patch.
Doubles saliencyOf(const Doubles& gradient, const RelevanceQuestion& question)
{
    const Shape& shape = question.base->input.shape();
    const auto size = static_cast<std::size_t>(shape[2] * shape[3]);
    Doubles plane(size, 0.0);
    for (std::size_t i = 0; i < gradient.size(); ++i)
        plane[i % size] = std::max(plane[i % size], std::abs(gradient[i]));
    return patchMeans(*patchesOf(question), plane, shape[3]);
}

/// Of numbers [channel, pixel]: the sum over the channels and each patch's pixels.
Doubles sumsOf(const Doubles& values, const RelevanceQuestion& question)
{
    const Shape& shape = question.base->input.shape();
    const auto size = static_cast<std::size_t>(shape[2] * shape[3]);
    Doubles plane(size, 0.0);
    for (std::size_t i = 0; i < values.size(); ++i)
        plane[i % size] += values[i];
    const LayoutPtr patches = patchesOf(question);
    Doubles sums = patchMeans(*patches, plane, shape[3]);
    for (int patch = 0; patch < patches->tokens(); ++patch) {
        const Area cell = patches->cellArea(patches->cells(patch).front());
        sums[static_cast<std::size_t>(patch)]
            *= cell.width * cell.height * static_cast<double>(patches->cells(patch).size());
    }
    return sums;
}

/// The mean gradient over `count` pictures, each written by make(index, pixels): [channel * pixel].
Doubles meanGradient(const RelevanceQuestion& question, int count, const ExecuteOptions& options,
    const std::function<void(int, std::span<float>)>& make)
{
    const Tensor picture = pictureOf(question);
    const auto size = static_cast<std::size_t>(picture.count());
    Doubles mean(size, 0.0);
    for (int begin = 0; begin < count; begin += tapeLimit) {
        options.stop.check();
        Shape shape = picture.shape();
        shape[0] = std::min<Index>(tapeLimit, count - begin);
        Tensor batch(shape);
        for (Index i = 0; i < shape[0]; ++i)
            make(begin + static_cast<int>(i),
                batch.writable().subspan(static_cast<std::size_t>(i) * size, size));
        const Tensor gradients = inputGradients(question, batch, options);
        for (std::size_t i = 0; i < static_cast<std::size_t>(gradients.count()); ++i)
            mean[i % size] += static_cast<double>(gradients.data()[i]) / count;
        if (options.progress)
            options.progress(static_cast<double>(begin + shape[0]) / count);
    }
    return mean;
}

}

Tensor inputGradients(
    const RelevanceQuestion& question, const Tensor& pictures, const ExecuteOptions& options)
{
    ExecuteOptions run = furtherRun(question, options);
    run.edits = editsOf(question);
    run.sample = 0;
    BackwardOptions backward;
    backward.cotangent = classLogit(question.classIndex);
    backward.ofInput = true;
    const Tensor gradient
        = executeBackward(*question.architecture, *question.weights, pictures, backward, run).input;
    return gradient.defined() ? gradient : Tensor::zeros(pictures.shape());
}

Doubles gradientSaliency(const RelevanceQuestion& question, const ExecuteOptions& options)
{
    return saliencyOf(inputGradients(question, pictureOf(question), options).toDoubles(), question);
}

Doubles gradientTimesInput(const RelevanceQuestion& question, const ExecuteOptions& options)
{
    const Tensor picture = pictureOf(question);
    Doubles product = inputGradients(question, picture, options).toDoubles();
    for (std::size_t i = 0; i < product.size(); ++i)
        product[i] *= static_cast<double>(picture.data()[i]);
    return sumsOf(product, question);
}

Doubles smoothGradient(
    const RelevanceQuestion& question, const NoiseOptions& noise, const ExecuteOptions& options)
{
    const Tensor picture = pictureOf(question);
    const auto x = picture.values<float>();
    const auto [least, most] = std::ranges::minmax(x);
    const double sigma = noise.sigma * static_cast<double>(most - least);
    const auto addNoise = [&](int index, std::span<float> out) {
        const RandomPlace draws{noise.seed, 0, hashOf("smoothgrad"), static_cast<std::uint64_t>(index)};
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<float>(static_cast<double>(x[i]) + sigma * draws.normal(i));
    };
    return saliencyOf(meanGradient(question, noise.samples, options, addNoise), question);
}

Doubles integratedGradients(
    const RelevanceQuestion& question, const PathOptions& path, const ExecuteOptions& options)
{
    const Tensor picture = pictureOf(question), start = paintedOver(picture, path.baseline);
    const auto x = picture.values<float>(), x0 = start.values<float>();
    const auto onPath = [&](int step, std::span<float> out) {
        const auto t = static_cast<float>((step + 0.5) / path.steps);
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = x0[i] + t * (x[i] - x0[i]);
    };
    Doubles product = meanGradient(question, path.steps, options, onPath);
    for (std::size_t i = 0; i < product.size(); ++i)
        product[i] *= static_cast<double>(x[i] - x0[i]);
    return sumsOf(product, question);
}

}
