// Fourier transforms as sums in double precision, and the rule of a non-Hermitian irfft2. Not for speed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/naive.h"

#include <complex>

namespace fovea::test {

using Complexes = std::vector<std::complex<double>>;

/// X[k] = sum x[n] exp(sign 2 pi i k n / N) of a plane [rows, cols]: along the rows, then along the columns.
inline Complexes naiveDft2(const Complexes& x, Index rows, Index cols, int sign)
{
    const auto along = [sign](const Complexes& from, Index n, Index step, Index lines, Index apart) {
        Complexes to(from.size());
        for (Index line = 0; line < lines; ++line)
            for (Index k = 0; k < n; ++k)
                for (Index i = 0; i < n; ++i) {
                    const double turn = static_cast<double>(k * i % n) / static_cast<double>(n);
                    to[static_cast<std::size_t>(line * apart + k * step)]
                        += from[static_cast<std::size_t>(line * apart + i * step)]
                        * std::polar(1.0, sign * 2 * std::numbers::pi * turn);
                }
        return to;
    };
    return along(along(x, cols, 1, rows, cols), rows, cols, cols, 1);
}

/// Columns 0..cols/2 of the transform of a real plane; not normalised.
inline Complexes naiveHalf(const Doubles& plane, Index rows, Index cols)
{
    const Complexes all = naiveDft2(Complexes(plane.begin(), plane.end()), rows, cols, -1);
    Complexes half;
    for (Index y = 0; y < rows; ++y)
        half.insert(half.end(), all.begin() + y * cols, all.begin() + y * cols + cols / 2 + 1);
    return half;
}

/// The rule of 00_conventions.md: columns 0 and cols/2 become (Z[h] + conj Z[-h]) / 2, the others are
/// mirrored, and the inverse of that is real. Not normalised.
inline Doubles naiveHalfInverse(const Complexes& half, Index rows, Index cols)
{
    const Index width = cols / 2 + 1;
    const auto of = [&](Index h, Index w) { return half[static_cast<std::size_t>(h * width + w)]; };
    Complexes all;
    for (Index h = 0; h < rows; ++h)
        for (Index w = 0; w < cols; ++w) {
            const Index back = (rows - h) % rows;
            if (2 * w % cols == 0)
                all.push_back((of(h, w) + std::conj(of(back, w))) / 2.0);
            else
                all.push_back(w < width ? of(h, w) : std::conj(of(back, cols - w)));
        }
    Doubles plane;
    for (const auto& value : naiveDft2(all, rows, cols, 1))
        plane.push_back(value.real());
    return plane;
}

/// y = irfft2(rfft2(x) K) of tokens x [B, H W, C] with K [H, W/2 + 1, C, 2].
inline Doubles naiveGlobalFilter(const Doubles& x, const Doubles& k, Index rows, Index cols, Index channels)
{
    const Index pixels = rows * cols, width = cols / 2 + 1;
    Doubles y(x.size());
    for (std::size_t first = 0; first < x.size(); first += static_cast<std::size_t>(pixels * channels))
        for (Index c = 0; c < channels; ++c) {
            const auto token = [&](Index p) { return first + static_cast<std::size_t>(p * channels + c); };
            Doubles plane;
            for (Index p = 0; p < pixels; ++p)
                plane.push_back(x[token(p)]);
            Complexes half = naiveHalf(plane, rows, cols);
            for (Index f = 0; f < rows * width; ++f) {
                const double* pair = k.data() + (f * channels + c) * 2;
                half[static_cast<std::size_t>(f)]
                    *= std::complex(pair[0], pair[1]) / static_cast<double>(pixels);
            }
            const Doubles result = naiveHalfInverse(half, rows, cols);
            for (Index p = 0; p < pixels; ++p)
                y[token(p)] = result[static_cast<std::size_t>(p)];
        }
    return y;
}

}
