// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/input_baselines.h"

#include "core/tensor/error.h"

#include <cmath>

namespace fovea::analysis {

std::vector<double> randomOrder(const TokenLayout& patches, const Tensor& input, std::uint64_t seed)
{
    const std::string_view bytes(static_cast<const char*>(input.bytes()), input.byteSize());
    const RandomPlace draws{seed, 0, hashOf("random order"), hashOf(bytes)};
    std::vector<double> values;
    for (int patch = 0; patch < patches.tokens(); ++patch)
        values.push_back(static_cast<double>(draws.uniform(static_cast<std::uint64_t>(patch))));
    return values;
}

std::vector<double> patchMeans(const TokenLayout& patches, std::span<const double> plane, Index width)
{
    std::vector<double> means;
    for (int token = 0; token < patches.tokens(); ++token) {
        double sum = 0, count = 0;
        for (const int cell : patches.cells(token)) {
            const Area area = patches.cellArea(cell);
            for (Index y = std::lround(area.y); y < std::lround(area.y + area.height); ++y)
                for (Index x = std::lround(area.x); x < std::lround(area.x + area.width); ++x) {
                    sum += plane[static_cast<std::size_t>(y * width + x)];
                    ++count;
                }
        }
        means.push_back(sum / count);
    }
    return means;
}

std::vector<double> patchBrightness(
    const TokenLayout& patches, const Tensor& picture, const Preprocess& preprocess)
{
    if (picture.rank() != 4)
        throw Error("brightness: expected a picture [1, C, H, W], found " + picture.shape().text());
    const auto size = static_cast<std::size_t>(picture.dim(2) * picture.dim(3));
    const auto channels = static_cast<std::size_t>(picture.dim(1));
    std::vector<double> plane(size, 0.0);
    for (std::size_t c = 0; c < channels; ++c) {
        const std::size_t as = channels <= preprocess.mean.size() ? c : 0; // only three are known
        const double scale = static_cast<double>(preprocess.std[as]);
        const double mean = static_cast<double>(preprocess.mean[as]);
        for (std::size_t i = 0; i < size; ++i)
            plane[i] += (static_cast<double>(picture.data()[c * size + i]) * scale + mean)
                / static_cast<double>(channels);
    }
    return patchMeans(patches, plane, picture.dim(3));
}

std::vector<double> centredGaussian(const TokenLayout& patches)
{
    const Place centre = patches.extent().centre();
    std::vector<double> values;
    for (int token = 0; token < patches.tokens(); ++token) {
        const Place place = patches.centre(token);
        const double dx = (place.x - centre.x) / (patches.extent().width / 4);
        const double dy = (place.y - centre.y) / (patches.extent().height / 4);
        values.push_back(std::exp(-(dx * dx + dy * dy) / 2));
    }
    return values;
}

}
