// The global filter on a tile: a few channels of one sample, in a spectrum that holds two channels as one
// complex number. Only core/nn includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fft/plan.h"
#include "core/nn/simd.h"
#include "core/tensor/shape.h"

#include <array>

namespace fovea::nn {

/// Channels of a tile: a cache line of floats.
constexpr Index tileChannels = 16;

/// Where a tile lies among tokens: float (token, channel) at data[token * stride + channel].
struct TileOfTokens {
    float* data;
    Index stride;
    int channels; ///< of the tile that there are
};

/// z = x + i x' of two real planes has the spectrum X + i X', and both are found again in it, because a real
/// plane's spectrum is conjugate at the opposite frequency:
///     2 X(f) = Z(f) + conj Z(-f),    2i X'(f) = Z(f) - conj Z(-f).
/// So a tile costs 8 complex transforms of whole planes, over neighbours in memory, which FFTW does in
/// vectors. A filter K on the half spectrum, as irfft2 reads it, is a real kernel's: where a column is its
/// own opposite (w = 0 and W/2) K counts as (K(f) + conj K(-f)) / 2.
class FilterTile {
public:
    FilterTile(Index rows, Index cols, Index channels);

    Index tokens() const { return rows_ * cols_; }
    /// Pairs of opposite frequencies; at some the pair is twice the same.
    Index pairs() const { return pairs_; }
    /// Of a spectrum, and of the scratch memory of the functions below.
    Index spectrumFloats() const { return tokens() * tileChannels; }
    /// Of a tile's coefficients.
    Index coefficientFloats() const { return pairs_ * 2 * tileChannels; }
    /// Of a tile's products().
    Index productFloats() const { return pairs_ * 2 * tileChannels; }

    /// From channels [channel, channel + tile.channels) of complex_weight [H, W/2 + 1, C, 2]: for each pair
    /// of frequencies multiply()'s P and then Q, a complex number for each pair of channels. Holds the factor
    /// 1/(HW) of both transforms.
    void prepare(const float* weight, Index channel, float* coefficients) const;
    void transform(const TileOfTokens& x, float* spectrum, float* scratch) const;
    void invert(float* spectrum, const TileOfTokens& y, float* scratch) const;
    /// Z := the spectrum of what the filter makes of z; with `isBackward` of what its adjoint does.
    void multiply(const float* coefficients, float* spectrum, bool isBackward) const;
    /// conj(X) G of the spectra of x and of a gradient, 4 times, added to `sums`: real parts, imaginary
    /// parts.
    void addProducts(const float* x, const float* gradient, float* sums, bool isFirst) const;
    /// The filter's gradient, into its place in [H, W/2 + 1, C, 2].
    void finish(const float* sums, Index channel, float* gradient) const;

private:
    /// fn(pair, f, opposite) with f = (h, w) of the half spectrum, all flat positions in [H, W].
    template <class Fn>
    void eachPair(Fn fn) const;
    bool isDirect(const TileOfTokens& tile) const;
    int channelsAt(Index channel) const;
    Index inHalf(Index place) const { return place / cols_ * (cols_ / 2 + 1) + place % cols_; }
    bool isOwnOpposite(Index column) const { return column == 0 || 2 * column == cols_; }

    Index rows_, cols_, channels_, pairs_ = 0;
    /// Along W between tokens and spectrum, straight or by way of a packed copy, and along H in place.
    struct Plans {
        const fft::FftPlan *in, *out;
    };
    Plans straight_, packed_, columns_;
};

}
