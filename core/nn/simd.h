// Vectors of floats in the compiler's own notation, as wide as the build's level allows, with exp and
// erf. Only core/nn includes it; no intrinsics, so every level and compiler reads the same lines.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

namespace fovea::simd {

#if defined(__AVX512F__)
constexpr int width = 16;
#elif defined(__AVX__)
constexpr int width = 8;
#else
constexpr int width = 4;
#endif

using Floats = float __attribute__((vector_size(width * 4)));
using Ints = std::int32_t __attribute__((vector_size(width * 4)));

inline Floats load(const float* p)
{
    Floats v;
    std::memcpy(&v, p, sizeof v);
    return v;
}
inline void store(float* p, Floats v) { std::memcpy(p, &v, sizeof v); }
inline Floats all(float x) { return x - Floats{}; }
/// The first n < width floats, the others 0.
inline Floats loadSome(const float* p, int n)
{
    Floats v{};
    std::memcpy(&v, p, static_cast<std::size_t>(n) * sizeof(float));
    return v;
}
inline void storeSome(float* p, Floats v, int n)
{
    std::memcpy(p, &v, static_cast<std::size_t>(n) * sizeof(float));
}

/// Lanes are added in a fixed tree, so that equal lanes give equal bits.
inline float sum(Floats v)
{
    std::array<float, width> lanes;
    std::memcpy(lanes.data(), &v, sizeof v);
    for (std::size_t n = width / 2; n > 0; n /= 2)
        for (std::size_t i = 0; i < n; ++i)
            lanes[i] += lanes[i + n];
    return lanes[0];
}
inline float largest(Floats v)
{
    float m = v[0];
    for (int i = 1; i < width; ++i)
        m = v[i] > m ? v[i] : m;
    return m;
}

/// e^x to 1e-7 relative; 0 below -87.3, infinity above 88.7.
inline Floats exp(Floats x)
{
    constexpr float lowest = -87.3F, highest = 88.7F;
    Floats y = x < all(lowest) ? all(lowest) : x;
    y = y > all(highest) ? all(highest) : y;
    const Floats shifted
        = y * all(1.44269504F) + all(12582912.0F); // 1.5 * 2^23: the mantissa's end is an integer
    const Floats n = shifted - all(12582912.0F);
    const Floats r = (y - n * all(0.693359375F)) - n * all(-2.12194440e-4F); // |r| <= ln(2) / 2
    // Minimax fit of (e^r - 1 - r) / r^2, 3e-9 relative.
    Floats p = all(0.001381455920636654F);
    p = p * r + all(0.008368735201656818F);
    p = p * r + all(0.04166838899254799F);
    p = p * r + all(0.1666652113199234F);
    p = p * r + all(0.49999994F);
    p = p * (r * r) + r + all(1.0F);
    // 2^n in two halves, for n reaches 128.
    const Ints k = (Ints)shifted - (Ints)all(12582912.0F), half = k >> 1;
    const Floats power1 = (Floats)((half + 127) << 23), power2 = (Floats)((k - half + 127) << 23);
    const Floats result = p * power1 * power2;
    const Floats low = x < all(lowest) ? Floats{} : result;
    return x > all(highest) ? all(std::numeric_limits<float>::infinity()) : low;
}

/// The error function to 1e-7 relative. Both fits are minimax, 2e-9: erf(x) = x + x P(x^2) below 1,
/// erf(x) = 1 - exp(-x - x Q(x)) above.
inline Floats erf(Floats x)
{
    const Floats t = x < Floats{} ? -x : x;
    const Floats s = t * t;
    Floats p = all(7.853860734030604e-05F);
    p = p * s + all(-0.0008010193705558777F);
    p = p * s + all(0.005188327748328447F);
    p = p * s + all(-0.026853812858462334F);
    p = p * s + all(0.1128358542919159F);
    p = p * s + all(-0.3761262595653534F);
    p = p * s + all(0.12837916612625122F);
    const Floats below = t * p + t;
    const Floats u = t > all(4.0F) ? all(4.0F) : t; // erf(4) rounds to 1
    Floats q = all(-0.00021064249449409544F);
    q = q * u + all(0.0031869409140199423F);
    q = q * u + all(-0.02279844507575035F);
    q = q * u + all(0.1051161140203476F);
    q = q * u + all(0.6358314752578735F);
    q = q * u + all(0.12848003208637238F);
    const Floats above = all(1.0F) - exp(-(u * q + u));
    const Floats magnitude = t < all(1.0F) ? below : above;
    const Floats result = x < Floats{} ? -magnitude : magnitude;
    return x != x ? x : result; // NaN stays NaN
}

/// 1 / (1 + e^-x)
inline Floats sigmoid(Floats x) { return all(1.0F) / (all(1.0F) + exp(-x)); }

namespace detail {

template <int... I>
Floats interleaveLow(Floats a, Floats b, std::integer_sequence<int, I...>)
{
    return __builtin_shufflevector(a, b, (I / 2 + I % 2 * width)...);
}
template <int... I>
Floats interleaveHigh(Floats a, Floats b, std::integer_sequence<int, I...>)
{
    return __builtin_shufflevector(a, b, (I / 2 + width / 2 + I % 2 * width)...);
}

using Square = std::array<Floats, width>;

template <std::size_t... I>
Square shuffled(const Square& m, std::index_sequence<I...>)
{
    constexpr auto lanes = std::make_integer_sequence<int, width>();
    return {(I % 2 == 0 ? interleaveLow(m[I / 2], m[I / 2 + width / 2], lanes)
                        : interleaveHigh(m[I / 2], m[I / 2 + width / 2], lanes))...};
}

}

/// Transposes a width x width square: log2(width) perfect shuffles of its rows.
inline detail::Square transposed(detail::Square m)
{
    for (int n = 1; n < width; n *= 2)
        m = detail::shuffled(m, std::make_index_sequence<width>());
    return m;
}

}
