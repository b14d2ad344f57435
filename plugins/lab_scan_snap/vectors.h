// Loops over rows of doubles, written so that the compiler makes vectors of them without any licence to
// reorder: what a sum is does not depend on the processor. Not a library of linear algebra.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace fovea::plugin::scan_snap {

constexpr std::size_t lanes = 8;

/// exp(x) for x <= 0 within 2 units in the last place; below -700 that of -700, which is nothing beside 1.
inline double expOfNegative(double x)
{
    constexpr double perLog2 = 0x1.71547652b82fep+0, magic = 0x1.8p+52;
    constexpr double high = 0x1.62e42fefa38p-1, low = 0x1.ef35793c7673p-45; // ln 2
    x = x < -700 ? -700 : x;
    const double shifted = x * perLog2 + magic; // its low bits are the nearest power of 2
    const double power = shifted - magic;
    const double r = (x - power * high) - power * low;
    double sum = 1.0 / 479001600; // Taylor's series, to r^12
    sum = sum * r + 1.0 / 39916800;
    sum = sum * r + 1.0 / 3628800;
    sum = sum * r + 1.0 / 362880;
    sum = sum * r + 1.0 / 40320;
    sum = sum * r + 1.0 / 5040;
    sum = sum * r + 1.0 / 720;
    sum = sum * r + 1.0 / 120;
    sum = sum * r + 1.0 / 24;
    sum = sum * r + 1.0 / 6;
    sum = sum * r + 1.0 / 2;
    sum = sum * r + 1;
    sum = sum * r + 1;
    const auto exponent = std::bit_cast<std::uint64_t>(shifted) - std::bit_cast<std::uint64_t>(magic) + 1023;
    return sum * std::bit_cast<double>(exponent << 52);
}

inline double sumOf(const std::array<double, lanes>& parts)
{
    return ((parts[0] + parts[4]) + (parts[2] + parts[6])) + ((parts[1] + parts[5]) + (parts[3] + parts[7]));
}

inline double dot(const double* a, const double* b, std::size_t n)
{
    std::array<double, lanes> parts{};
    std::size_t j = 0;
    for (; j + lanes <= n; j += lanes)
        for (std::size_t k = 0; k < lanes; ++k)
            parts[k] += a[j + k] * b[j + k];
    for (std::size_t k = 0; j < n; ++j, ++k)
        parts[k] += a[j] * b[j];
    return sumOf(parts);
}

/// out += sum over i of weight[i] row[i], four rows at a time.
inline void addRows(
    double* out, std::size_t n, std::span<const double> weights, std::span<const double* const> rows)
{
    std::size_t i = 0;
    for (; i + 4 <= rows.size(); i += 4) {
        const double *a = rows[i], *b = rows[i + 1], *c = rows[i + 2], *d = rows[i + 3];
        const double p = weights[i], q = weights[i + 1], r = weights[i + 2], s = weights[i + 3];
#pragma GCC ivdep
        for (std::size_t j = 0; j < n; ++j)
            out[j] += (p * a[j] + q * b[j]) + (r * c[j] + s * d[j]);
    }
    for (; i < rows.size(); ++i)
#pragma GCC ivdep
        for (std::size_t j = 0; j < n; ++j)
            out[j] += weights[i] * rows[i][j];
}

/// The largest of n > 0 numbers; NaN counts as none.
inline double largest(const double* x, std::size_t n)
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

/// x becomes its softmax. Returns the log of the sum that it divides by.
double softmax(double* x, std::size_t n);

}
