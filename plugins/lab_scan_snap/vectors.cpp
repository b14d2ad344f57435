// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/vectors.h"

#include <cmath>

namespace fovea::plugin::scan_snap {

namespace {

constexpr std::size_t group = 4; ///< rows that are made at once

/// `count` rows of sums, `width` vectors of each, from column j on.
template <std::size_t count, std::size_t width>
void addTile(double* const* out, const Strided& weights, Rows rows, std::size_t j)
{
    std::array<std::array<Lanes, width>, count> sums;
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t v = 0; v < width; ++v)
            sums[i][v] = load(out[i] + j + v * lanes);
    for (std::size_t k = 0; k < rows.size(); ++k)
        for (std::size_t v = 0; v < width; ++v) {
            const Lanes row = load(rows[k] + j + v * lanes);
            for (std::size_t i = 0; i < count; ++i)
                sums[i][v] += weights.at(i, k) * row;
        }
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t v = 0; v < width; ++v)
            store(out[i] + j + v * lanes, sums[i][v]);
}

template <std::size_t count>
void addGroup(double* const* out, const Strided& weights, Rows rows, std::size_t n)
{
    std::size_t j = 0;
    for (; j + 2 * lanes <= n; j += 2 * lanes)
        addTile<count, 2>(out, weights, rows, j);
    for (; j + lanes <= n; j += lanes)
        addTile<count, 1>(out, weights, rows, j);
    for (; j < n; ++j)
        for (std::size_t i = 0; i < count; ++i) {
            double sum = out[i][j];
            for (std::size_t k = 0; k < rows.size(); ++k)
                sum += weights.at(i, k) * rows[k][j];
            out[i][j] = sum;
        }
}

}

double sumOf(const Lanes& parts, const double* a, const double* b, std::size_t n)
{
    std::array<double, lanes> all;
    store(all.data(), parts);
    for (std::size_t k = 0; k < n; ++k)
        all[k] += a[k] * b[k];
    return ((all[0] + all[4]) + (all[2] + all[6])) + ((all[1] + all[5]) + (all[3] + all[7]));
}

void dotRows(Rows rows, const double* b, std::size_t n, double* out)
{
    std::size_t i = 0;
    for (; i + group <= rows.size(); i += group) {
        const double *p = rows[i], *q = rows[i + 1], *r = rows[i + 2], *s = rows[i + 3];
        Lanes ofP{}, ofQ{}, ofR{}, ofS{};
        std::size_t j = 0;
        for (; j + lanes <= n; j += lanes) {
            const Lanes shared = load(b + j);
            ofP += load(p + j) * shared;
            ofQ += load(q + j) * shared;
            ofR += load(r + j) * shared;
            ofS += load(s + j) * shared;
        }
        out[i] = sumOf(ofP, p + j, b + j, n - j);
        out[i + 1] = sumOf(ofQ, q + j, b + j, n - j);
        out[i + 2] = sumOf(ofR, r + j, b + j, n - j);
        out[i + 3] = sumOf(ofS, s + j, b + j, n - j);
    }
    for (; i < rows.size(); ++i)
        out[i] = dot(rows[i], b, n);
}

void addProducts(std::span<double* const> out, const Strided& weights, Rows rows, std::size_t n)
{
    for (std::size_t i = 0; i < out.size(); i += group) {
        const Strided here{weights.data + i * weights.perRow, weights.perRow, weights.perColumn};
        double* const* to = out.data() + i;
        switch (out.size() - i) {
        case 1:
            addGroup<1>(to, here, rows, n);
            break;
        case 2:
            addGroup<2>(to, here, rows, n);
            break;
        case 3:
            addGroup<3>(to, here, rows, n);
            break;
        default:
            addGroup<group>(to, here, rows, n);
        }
    }
}

double largest(const double* x, std::size_t n)
{
    std::array<double, lanes> parts;
    parts.fill(x[0]);
    std::size_t j = 0;
    for (; j + lanes <= n; j += lanes)
        for (std::size_t k = 0; k < lanes; ++k)
            parts[k] = x[j + k] > parts[k] ? x[j + k] : parts[k];
    for (; j < n; ++j)
        parts[0] = x[j] > parts[0] ? x[j] : parts[0];
    double most = parts[0];
    for (const double part : parts)
        most = part > most ? part : most;
    return most;
}

double softmax(double* x, std::size_t n, double scale)
{
    const double most = largest(x, n);
    std::array<double, lanes> parts{};
    std::size_t j = 0;
    for (; j + lanes <= n; j += lanes)
        for (std::size_t k = 0; k < lanes; ++k) {
            x[j + k] = expOfNegative(x[j + k] - most);
            parts[k] += x[j + k];
        }
    for (std::size_t k = 0; j < n; ++j, ++k) {
        x[j] = expOfNegative(x[j] - most);
        parts[k] += x[j];
    }
    const double sum = sumOf(load(parts.data())), factor = scale / sum;
    for (j = 0; j < n; ++j)
        x[j] *= factor;
    return most + std::log(sum);
}

}
