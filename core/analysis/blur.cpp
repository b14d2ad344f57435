// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/blur.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace fovea::analysis {

namespace {

std::vector<double> kernelOf(double sigma)
{
    const int reach = std::max(1, static_cast<int>(std::ceil(3 * sigma)));
    std::vector<double> kernel;
    for (int i = -reach; i <= reach; ++i)
        kernel.push_back(std::exp(-i * i / (2 * sigma * sigma)));
    const double sum = std::accumulate(kernel.begin(), kernel.end(), 0.0);
    for (double& weight : kernel)
        weight /= sum;
    return kernel;
}

/// Along one axis: `count` values, `stride` apart.
void blurLine(
    float* first, Index count, Index stride, const std::vector<double>& kernel, std::vector<double>& line)
{
    line.resize(static_cast<std::size_t>(count));
    for (Index i = 0; i < count; ++i)
        line[static_cast<std::size_t>(i)] = static_cast<double>(first[i * stride]);
    const auto reach = static_cast<Index>(kernel.size() / 2);
    for (Index i = 0; i < count; ++i) {
        double sum = 0;
        for (Index k = -reach; k <= reach; ++k)
            sum += kernel[static_cast<std::size_t>(k + reach)]
                * line[static_cast<std::size_t>(std::clamp<Index>(i + k, 0, count - 1))];
        first[i * stride] = static_cast<float>(sum);
    }
}

}

Tensor blurred(const Tensor& pictures, double sigma)
{
    assert(pictures.rank() == 4 && sigma > 0);
    Tensor out = pictures.clone();
    const Index planes = out.dim(0) * out.dim(1), height = out.dim(2), width = out.dim(3);
    const std::vector<double> kernel = kernelOf(sigma);
    std::vector<double> line;
    float* plane = out.writable().data();
    for (Index p = 0; p < planes; ++p, plane += height * width) {
        for (Index y = 0; y < height; ++y)
            blurLine(plane + y * width, width, 1, kernel, line);
        for (Index x = 0; x < width; ++x)
            blurLine(plane + x, height, width, kernel, line);
    }
    return out;
}

}
