// Loops over rows of doubles in the compiler's own vectors: products of a few rows with a few others, in
// registers. Each sum is made in one order whatever the level. Not a library of linear algebra.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace fovea::plugin::scan_snap {

constexpr std::size_t lanes = 8;
using Lanes = double __attribute__((vector_size(lanes * sizeof(double))));
using Rows = std::span<const double* const>;

inline Lanes load(const double* x)
{
    Lanes loaded;
    std::memcpy(&loaded, x, sizeof loaded);
    return loaded;
}
inline void store(double* x, const Lanes& value) { std::memcpy(x, &value, sizeof value); }

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

/// The lanes and what is left over of two rows, a . b of the last n < lanes numbers.
double sumOf(const Lanes& parts, const double* a = nullptr, const double* b = nullptr, std::size_t n = 0);

inline double dot(const double* a, const double* b, std::size_t n)
{
    Lanes parts{};
    std::size_t j = 0;
    for (; j + lanes <= n; j += lanes)
        parts += load(a + j) * load(b + j);
    return sumOf(parts, a + j, b + j, n - j);
}

/// out[i] = rows[i] . b.
void dotRows(Rows rows, const double* b, std::size_t n, double* out);

/// Numbers [row, column] in memory, either of which may be the one that is contiguous.
struct Strided {
    const double* data;
    std::size_t perRow, perColumn;
    double at(std::size_t row, std::size_t column) const { return data[row * perRow + column * perColumn]; }
};
/// out[i] += sum over k of weights[i, k] rows[k], all of n numbers.
void addProducts(std::span<double* const> out, const Strided& weights, Rows rows, std::size_t n);

/// The largest of n > 0 numbers; NaN counts as none.
double largest(const double* x, std::size_t n);
/// x becomes its softmax times `scale`. Returns the log of the sum that it divides by.
double softmax(double* x, std::size_t n, double scale = 1);

}
