// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/geometry.h"

#include "plugins/lab_scan_snap/model.h"
#include "plugins/lab_scan_snap/vectors.h"

#include <algorithm>
#include <cmath>

namespace fovea::plugin::scan_snap {

Geometry::Geometry(const Layout& layout, const double* z)
    : classes(layout.classes.size())
    , tokens(static_cast<std::size_t>(layout.moving()))
    , f(classes * tokens)
    , overlap(classes * classes)
{
    for (std::size_t n = 0; n < classes; ++n) {
        const SequenceClass& one = layout.classes[n];
        const std::vector<double> c = attentionOf(one, z + one.query * layout.vocabulary);
        const double norm = std::sqrt(dot(c.data(), c.data(), c.size()));
        for (std::size_t i = 0; i < c.size(); ++i)
            f[n * tokens + static_cast<std::size_t>(one.tokens[i])] = c[i] / norm;
    }
    for (std::size_t n = 0; n < classes; ++n)
        for (std::size_t m = 0; m < n; ++m)
            overlap[n * classes + m] = overlap[m * classes + n] = dot(of(n), of(m), tokens);
}

/// By Gauss and Jordan, without a choice of pivots: 1 + E is positive definite.
std::vector<double> whitening(const Geometry& geometry)
{
    const std::size_t n = geometry.classes;
    std::vector<double> a = geometry.overlap, inverse(n * n);
    for (std::size_t i = 0; i < n; ++i)
        a[i * n + i] = inverse[i * n + i] = 1;
    for (std::size_t k = 0; k < n; ++k) {
        const double pivot = a[k * n + k];
        for (std::size_t j = 0; j < n; ++j) {
            a[k * n + j] /= pivot;
            inverse[k * n + j] /= pivot;
        }
        for (std::size_t i = 0; i < n; ++i) {
            const double factor = a[i * n + k];
            if (i == k || factor == 0)
                continue;
            for (std::size_t j = 0; j < n; ++j) {
                a[i * n + j] -= factor * a[k * n + j];
                inverse[i * n + j] -= factor * inverse[k * n + j];
            }
        }
    }
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
            inverse[i * n + j] = (i == j ? 1 : 0) - inverse[i * n + j];
    return inverse;
}

namespace {

/// Turns rows and columns p and q so that a[p][q] becomes 0.
void rotate(std::vector<double>& a, std::size_t n, std::size_t p, std::size_t q)
{
    const double off = a[p * n + q];
    if (off == 0)
        return;
    const double ratio = (a[q * n + q] - a[p * n + p]) / (2 * off);
    const double tangent = (ratio >= 0 ? 1 : -1) / (std::abs(ratio) + std::hypot(ratio, 1));
    const double c = 1 / std::hypot(tangent, 1), s = tangent * c;
    for (std::size_t k = 0; k < n; ++k) {
        const double x = a[k * n + p], y = a[k * n + q];
        a[k * n + p] = c * x - s * y;
        a[k * n + q] = s * x + c * y;
    }
    for (std::size_t k = 0; k < n; ++k) {
        const double x = a[p * n + k], y = a[q * n + k];
        a[p * n + k] = c * x - s * y;
        a[q * n + k] = s * x + c * y;
    }
}

}

/// Jacobi's method: sweeps until what is off the diagonal is nothing.
std::vector<double> eigenvaluesOf(std::vector<double> matrix, std::size_t n)
{
    const double scale = dot(matrix.data(), matrix.data(), matrix.size());
    for (int sweep = 0; sweep < 50; ++sweep) {
        double off = 0;
        for (std::size_t p = 0; p < n; ++p)
            for (std::size_t q = p + 1; q < n; ++q)
                off += matrix[p * n + q] * matrix[p * n + q];
        if (off <= 1e-30 * scale)
            break;
        for (std::size_t p = 0; p < n; ++p)
            for (std::size_t q = p + 1; q < n; ++q)
                rotate(matrix, n, p, q);
    }
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i)
        values.push_back(matrix[i * n + i]);
    std::ranges::sort(values);
    return values;
}

Assumption assumptionOf(const std::vector<double>& eigenvalues, double vocabulary)
{
    Assumption found{0, INFINITY, 1 / static_cast<double>(eigenvalues.size()), std::sqrt(6 / vocabulary)};
    for (const double value : eigenvalues) {
        found.largest = std::max(found.largest, std::abs(value));
        found.smallest = std::min(found.smallest, std::abs(value));
    }
    return found;
}

}
