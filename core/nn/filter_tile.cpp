// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/filter_tile.h"

#include <algorithm>
#include <cstdint>

namespace fovea::nn {

using simd::Floats;

namespace {

constexpr int vectors = tileChannels / simd::width;
constexpr int pairsOfChannels = tileChannels / 2;

/// (re, im) -> (im, re)
Floats swapped(Floats v) { return simd::shuffledQuads<1, 0, 3, 2>(v, v); }

/// Of complex numbers, each twice.
Floats reals(Floats v) { return simd::shuffledQuads<0, 0, 2, 2>(v, v); }
Floats imaginaries(Floats v) { return simd::shuffledQuads<1, 1, 3, 3>(v, v); }

/// (+, -, +, -, ...)
Floats alternating()
{
    Floats v{};
    for (int i = 0; i < simd::width; ++i)
        v[i] = i % 2 == 0 ? 1.0F : -1.0F;
    return v;
}

/// Along W, between tokens that lie `stride` pairs of channels apart and a tile's spectrum.
fft::FftJob alongRow(fft::FftJob::Kind kind, Index rows, Index cols, Index stride)
{
    const int own = pairsOfChannels, other = static_cast<int>(stride), w = static_cast<int>(cols);
    const bool isForward = kind == fft::FftJob::Kind::Forward;
    const int from = isForward ? other : own, to = isForward ? own : other;
    return {kind, {fft::Loop{}, fft::Loop{w, from, to}},
        {fft::Loop{static_cast<int>(rows), w * from, w * to}, fft::Loop{own, 1, 1}}, false};
}

fft::FftJob alongColumn(fft::FftJob::Kind kind, Index rows, Index cols)
{
    const int across = static_cast<int>(cols) * pairsOfChannels;
    return {kind, {fft::Loop{}, fft::Loop{static_cast<int>(rows), across, across}},
        {fft::Loop{}, fft::Loop{across, 1, 1}}, true};
}

}

FilterTile::FilterTile(Index rows, Index cols, Index channels)
    : rows_(rows)
    , cols_(cols)
    , channels_(channels)
{
    eachPair([this](Index, Index, Index) { ++pairs_; });
    using Kind = fft::FftJob::Kind;
    const auto both = [&](auto jobOf) {
        return Plans{&fft::planFor(jobOf(Kind::Forward)), &fft::planFor(jobOf(Kind::Backward))};
    };
    const Index stride = channels % 4 == 0 ? channels / 2 : pairsOfChannels;
    straight_ = both([&](Kind kind) { return alongRow(kind, rows, cols, stride); });
    packed_ = both([&](Kind kind) { return alongRow(kind, rows, cols, pairsOfChannels); });
    columns_ = both([&](Kind kind) { return alongColumn(kind, rows, cols); });
}

template <class Fn>
void FilterTile::eachPair(Fn fn) const
{
    Index pair = 0;
    for (Index h = 0; h < rows_; ++h) {
        const Index opposite = h == 0 ? 0 : rows_ - h;
        for (Index w = 0; w <= cols_ / 2; ++w)
            if (!isOwnOpposite(w) || h <= opposite)
                fn(pair++, h * cols_ + w, opposite * cols_ + (w == 0 ? 0 : cols_ - w));
    }
}

int FilterTile::channelsAt(Index channel) const
{
    return static_cast<int>(std::min<Index>(tileChannels, channels_ - channel));
}

/// FFTW's vectors need whole tiles and rows that begin at multiples of 16 bytes.
bool FilterTile::isDirect(const TileOfTokens& tile) const
{
    return tile.channels == tileChannels && tile.stride == channels_ && channels_ % 4 == 0
        && reinterpret_cast<std::uintptr_t>(tile.data) % 16 == 0;
}

void FilterTile::prepare(const float* weight, Index channel, float* coefficients) const
{
    const auto scale = 0.5F / static_cast<float>(tokens());
    const int count = channelsAt(channel);
    eachPair([&](Index pair, Index f, Index opposite) {
        const float* at = weight + (inHalf(f) * channels_ + channel) * 2;
        const bool isOwn = isOwnOpposite(f % cols_);
        const float* other = isOwn ? weight + (inHalf(opposite) * channels_ + channel) * 2 : at;
        float* to = coefficients + pair * 2 * tileChannels;
        for (int c = 0; c < tileChannels; c += 2) {
            std::array<float, 4> k{}; // two filters, real and imaginary
            for (int i = 0; i < 2 * std::clamp(count - c, 0, 2); ++i) {
                const float sign = i % 2 == 1 && isOwn ? -1.0F : 1.0F;
                k[static_cast<std::size_t>(i)] = (at[2 * c + i] + sign * other[2 * c + i]) * 0.5F * scale;
            }
            for (int i = 0; i < 2; ++i) {
                const float one = k[static_cast<std::size_t>(i)], two = k[static_cast<std::size_t>(i + 2)];
                to[c + i] = one + two;
                to[tileChannels + c + i] = one - two;
            }
        }
    });
}

void FilterTile::transform(const TileOfTokens& x, float* spectrum, float* scratch) const
{
    if (isDirect(x))
        (*straight_.in)(x.data, spectrum);
    else {
        for (Index t = 0; t < tokens(); ++t) {
            float* to = scratch + t * tileChannels;
            std::fill(std::copy_n(x.data + t * x.stride, x.channels, to), to + tileChannels, 0.0F);
        }
        (*packed_.in)(scratch, spectrum);
    }
    (*columns_.in)(spectrum, spectrum);
}

void FilterTile::invert(float* spectrum, const TileOfTokens& y, float* scratch) const
{
    (*columns_.out)(spectrum, spectrum);
    if (isDirect(y)) {
        (*straight_.out)(spectrum, y.data);
        return;
    }
    (*packed_.out)(spectrum, scratch);
    for (Index t = 0; t < tokens(); ++t)
        std::copy_n(scratch + t * tileChannels, y.channels, y.data + t * y.stride);
}

/// With P = (K + K') / 2 and Q = (K - K') / 2 of two filters: Z(f) := P Z(f) + Q conj Z(-f), and at -f the
/// same with conjugates of P and Q. The adjoint has the conjugate filters.
void FilterTile::multiply(const float* coefficients, float* spectrum, bool isBackward) const
{
    const Floats signs = alternating(), turn = simd::all(isBackward ? -1.0F : 1.0F),
                 alternatingTurn = turn * signs;
    eachPair([&](Index pair, Index f, Index opposite) {
        const float* k = coefficients + pair * 2 * tileChannels;
        for (int v = 0; v < vectors; ++v) {
            float *here = spectrum + f * tileChannels + v * simd::width,
                  *there = spectrum + opposite * tileChannels + v * simd::width;
            const Floats p = simd::load(k + v * simd::width),
                         q = simd::load(k + tileChannels + v * simd::width);
            const Floats pr = reals(p), pi = alternatingTurn * imaginaries(p), qr = signs * reals(q),
                         qi = turn * imaginaries(q);
            const Floats z = simd::load(here), o = simd::load(there), zs = swapped(z), os = swapped(o);
            simd::store(there, pr * o + pi * os + qr * z - qi * zs);
            simd::store(here, pr * z - pi * zs + qr * o + qi * os);
        }
    });
}

/// With S = Z(f) + Z(-f), D = Z(f) - Z(-f), and T, E those of the gradient:
/// 4 conj(X) G = Sr Tr + Di Ei + i (Sr Ei - Di Tr), and for the second channel of a pair
/// Si Ti + Dr Er + i (Dr Ti - Si Er).
void FilterTile::addProducts(const float* x, const float* gradient, float* sums, bool isFirst) const
{
    const Floats signs = alternating();
    eachPair([&](Index pair, Index f, Index opposite) {
        for (int v = 0; v < vectors; ++v) {
            const Index i = f * tileChannels + v * simd::width, j = opposite * tileChannels + v * simd::width;
            const Floats z = simd::load(x + i), zo = simd::load(x + j), s = z + zo, d = swapped(z - zo);
            const Floats g = simd::load(gradient + i), go = simd::load(gradient + j), t = g + go,
                         e = swapped(g - go);
            float *real = sums + pair * 2 * tileChannels + v * simd::width, *imaginary = real + tileChannels;
            const Floats re = s * t + d * e, im = signs * (s * e - d * t);
            simd::store(real, isFirst ? re : simd::load(real) + re);
            simd::store(imaginary, isFirst ? im : simd::load(imaginary) + im);
        }
    });
}

void FilterTile::finish(const float* sums, Index channel, float* gradient) const
{
    const float own = 0.25F / static_cast<float>(tokens()); // a column that stands for two counts twice
    const int count = channelsAt(channel);
    eachPair([&](Index pair, Index f, Index opposite) {
        const float *real = sums + pair * 2 * tileChannels, *imaginary = real + tileChannels;
        const bool isOwn = isOwnOpposite(f % cols_);
        const float factor = isOwn ? own : 2 * own;
        const auto write = [&](Index place, float sign) {
            float* to = gradient + (inHalf(place) * channels_ + channel) * 2;
            for (int c = 0; c < count; ++c) {
                to[2 * c] = factor * real[c];
                to[2 * c + 1] = sign * factor * imaginary[c];
            }
        };
        if (isOwn && opposite != f)
            write(opposite, -1);
        write(f, 1);
    });
}

}
