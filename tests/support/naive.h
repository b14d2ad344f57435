// The operations of core/nn as plain loops in double precision: what their tests compare with. Not for speed,
// and not to be optimised.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

#include <cmath>
#include <numbers>
#include <vector>

namespace fovea::test {

using Doubles = std::vector<double>;

/// Numbers in [-1, 1) that depend on a name only.
inline Tensor noise(const Shape& shape, std::string_view name, float scale = 1)
{
    Tensor t(shape);
    const RandomPlace place{1, 0, hashOf(name), 0};
    std::uint64_t i = 0;
    for (float& v : t.writable())
        v = scale * (2 * place.uniform(i++) - 1);
    return t;
}

/// Made-up tensors of those shapes.
inline NamedTensors named(std::initializer_list<std::pair<const char*, Shape>> shapes)
{
    NamedTensors all;
    for (const auto& [name, shape] : shapes)
        all.set(name, noise(shape, name));
    return all;
}

/// Weights that hold just these tensors.
inline Weights weightsOf(const NamedTensors& tensors)
{
    Weights::Parts parts;
    parts.parameters = tensors;
    return Weights(std::move(parts));
}

/// x [m, k] times the transpose of w [n, k], plus b [n] or nothing.
inline Doubles naiveLinear(const Tensor& x, const Tensor& w, const Tensor& b)
{
    const Index n = w.dim(0), k = w.count() / n, m = x.count() / k;
    Doubles y(static_cast<std::size_t>(m * n));
    for (Index i = 0; i < m; ++i)
        for (Index j = 0; j < n; ++j) {
            double sum = b.defined() ? static_cast<double>(b.data()[j]) : 0;
            for (Index l = 0; l < k; ++l)
                sum += static_cast<double>(x.data()[i * k + l]) * static_cast<double>(w.data()[j * k + l]);
            y[static_cast<std::size_t>(i * n + j)] = sum;
        }
    return y;
}

inline Doubles naiveSoftmax(const Doubles& x, std::size_t n)
{
    Doubles y(x.size());
    for (std::size_t row = 0; row < x.size(); row += n) {
        double most = x[row], sum = 0;
        for (std::size_t j = 0; j < n; ++j)
            most = std::max(most, x[row + j]);
        for (std::size_t j = 0; j < n; ++j)
            sum += y[row + j] = std::exp(x[row + j] - most);
        for (std::size_t j = 0; j < n; ++j)
            y[row + j] /= sum;
    }
    return y;
}

/// v [rows, n] with w and b [n]
inline Doubles naiveLayerNorm(const Doubles& v, const Doubles& w, const Doubles& b, double eps)
{
    const std::size_t n = w.size();
    Doubles y(v.size());
    for (std::size_t row = 0; row < v.size(); row += n) {
        double mean = 0, variance = 0;
        for (std::size_t i = 0; i < n; ++i)
            mean += v[row + i] / static_cast<double>(n);
        for (std::size_t i = 0; i < n; ++i)
            variance += (v[row + i] - mean) * (v[row + i] - mean) / static_cast<double>(n);
        for (std::size_t i = 0; i < n; ++i)
            y[row + i] = (v[row + i] - mean) / std::sqrt(variance + eps) * w[i] + b[i];
    }
    return y;
}
inline Doubles naiveLayerNorm(const Tensor& x, const Tensor& w, const Tensor& b, double eps)
{
    return naiveLayerNorm(x.toDoubles(), w.toDoubles(), b.toDoubles(), eps);
}

inline double naiveGelu(double x) { return x * (1 + std::erf(x / std::numbers::sqrt2)) / 2; }
inline double naiveGeluTanh(double x)
{
    return x * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x))) / 2;
}
inline double naiveQuickGelu(double x) { return x / (1 + std::exp(-1.702 * x)); }
inline double naiveRelu(double x) { return std::max(x, 0.0); }

}
