// Vectors of floats in the compiler's own notation, as wide as the build's level allows, with exp and
// erf. Only core/nn includes it; no intrinsics, so every level and compiler reads the same lines.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
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
/// The first n <= width floats, the others 0. A constant n costs nothing.
inline Floats load(const float* p, int n)
{
    Floats v{};
    std::memcpy(&v, p, static_cast<std::size_t>(n) * sizeof(float));
    return v;
}
inline void store(float* p, Floats v, int n)
{
    std::memcpy(p, &v, static_cast<std::size_t>(n) * sizeof(float));
}

/// n floats, a multiple of `width`, without a call.
template <int n>
void copy(const float* from, float* to)
{
    for (int i = 0; i < n; i += width)
        store(to + i, load(from + i));
}

namespace detail {

template <class V, class Fn, int... lane>
auto folded(V v, Fn fn, std::integer_sequence<int, lane...>)
{
    constexpr int half = sizeof...(lane);
    return fn(__builtin_shufflevector(v, v, lane...), __builtin_shufflevector(v, v, (lane + half)...));
}

/// The lower half with the upper, down to one lane: a fixed tree.
template <class V, class Fn>
float fold(V v, Fn fn)
{
    constexpr int half = sizeof(V) / sizeof(float) / 2;
    if constexpr (half == 1)
        return fn(v[0], v[1]);
    else
        return fold(folded(v, fn, std::make_integer_sequence<int, half>()), fn);
}

}

/// Lanes are added in a fixed tree, so that equal lanes give equal bits.
inline float sum(Floats v)
{
    return detail::fold(v, [](auto a, auto b) { return a + b; });
}
inline float largest(Floats v)
{
    return detail::fold(v, [](auto a, auto b) { return a > b ? a : b; });
}

/// e^x to 1e-7 relative for -87.3 <= x <= 88.3; NaN for NaN.
inline Floats expWithin(Floats x)
{
    const Floats shifted
        = x * all(1.44269504F) + all(12582912.0F); // 1.5 * 2^23: its last bits are an integer
    const Floats n = shifted - all(12582912.0F);
    const Floats r = (x - n * all(0.693359375F)) - n * all(-2.12194440e-4F); // |r| <= ln(2) / 2
    // Minimax fit of (e^r - 1 - r) / r^2, 3e-9 relative.
    Floats p = all(0.001381455920636654F);
    p = p * r + all(0.008368735201656818F);
    p = p * r + all(0.04166838899254799F);
    p = p * r + all(0.1666652113199234F);
    p = p * r + all(0.49999994F);
    p = p * (r * r) + r + all(1.0F);
    return p * (Floats)(((Ints)shifted << 23) + 0x3F800000); // times 2^n
}

/// e^x to 1e-7 relative; 0 below -87.3, infinity above 88.3.
inline Floats exp(Floats x)
{
    const Floats lowest = all(-87.3F), highest = all(88.3F);
    const Floats y = x < lowest ? lowest : x;
    const Floats e = expWithin(y > highest ? highest : y);
    const Floats low = x < lowest ? Floats{} : e;
    return x > highest ? all(std::numeric_limits<float>::infinity()) : low;
}

/// The error function to 1e-7 relative. Both fits are minimax, 2e-9: erf(x) = x + x P(x^2) below 1,
/// erf(x) = 1 - exp(-x - x Q(x)) above.
inline Floats erf(Floats x)
{
    const auto sign = (Ints)x & std::numeric_limits<std::int32_t>::min();
    const auto t = (Floats)((Ints)x ^ sign);
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
    const Floats above = all(1.0F) - expWithin(-(u * q + u));
    return (Floats)((Ints)(t < all(1.0F) ? below : above) | sign);
}

/// 1 / (1 + e^-x)
inline Floats sigmoid(Floats x) { return all(1.0F) / (all(1.0F) + exp(-x)); }

namespace detail {

template <class Half, int... lane>
auto joined(Half low, Half high, std::integer_sequence<int, lane...>)
{
    return __builtin_shufflevector(low, high, lane...);
}

}

/// Four floats from each of n / 4 places, which are `stride` floats apart.
template <int n = width>
auto loadQuads(const float* p, std::ptrdiff_t stride)
{
    if constexpr (n == 4) {
        float __attribute__((vector_size(16))) quad;
        std::memcpy(&quad, p, sizeof quad);
        return quad;
    } else
        return detail::joined(loadQuads<n / 2>(p, stride), loadQuads<n / 2>(p + n / 8 * stride, stride),
            std::make_integer_sequence<int, n>());
}

namespace detail {

/// Within every four lanes: elements of a (0 to 3) and b (4 to 7).
template <int... pick, int... lane>
Floats shuffledQuads(
    Floats a, Floats b, std::integer_sequence<int, pick...>, std::integer_sequence<int, lane...>)
{
    constexpr int picks[] = {pick...};
    return __builtin_shufflevector(
        a, b, (lane / 4 * 4 + picks[lane % 4] % 4 + (picks[lane % 4] < 4 ? 0 : width))...);
}

}

template <int... pick>
Floats shuffledQuads(Floats a, Floats b)
{
    return detail::shuffledQuads(
        a, b, std::integer_sequence<int, pick...>(), std::make_integer_sequence<int, width>());
}

/// Transposes the 4 x 4 square in every four lanes of four vectors.
inline std::array<Floats, 4> transposedQuads(const std::array<Floats, 4>& m)
{
    const Floats a = shuffledQuads<0, 4, 1, 5>(m[0], m[1]), b = shuffledQuads<2, 6, 3, 7>(m[0], m[1]);
    const Floats c = shuffledQuads<0, 4, 1, 5>(m[2], m[3]), d = shuffledQuads<2, 6, 3, 7>(m[2], m[3]);
    return {shuffledQuads<0, 1, 4, 5>(a, c), shuffledQuads<2, 3, 6, 7>(a, c), shuffledQuads<0, 1, 4, 5>(b, d),
        shuffledQuads<2, 3, 6, 7>(b, d)};
}

}
