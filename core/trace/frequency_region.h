// A region of the frequency plane of a filter: a shape, or as many or as strong coefficients drawn at random.
// It holds no filter, and what is done to a region is edit_filter.h.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/frequency.h"

#include <complex>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fovea {

/// The bins that are stored of a spectrum: [rows, bins], bins = cols, or cols / 2 + 1 of a half spectrum.
struct FOVEA_API FrequencyPlane {
    Index rows = 0, cols = 0, bins = 0;

    Index count() const { return rows * bins; }
    /// The stored bin of -f; -1: none is.
    Index mirror(Index bin) const;
    /// How many frequencies of the whole plane a bin stands for: 2 where its mirror is not stored.
    int weight(Index bin) const { return mirror(bin) < 0 ? 2 : 1; }
    bool operator==(const FrequencyPlane&) const = default;
};

/// What a stored coefficient does in a real filter: (K(f) + conj K(-f)) / 2 where both are stored, else K(f).
FOVEA_API std::complex<double> actingAt(
    const FrequencyPlane& plane, std::span<const std::complex<float>> filter, Index bin);

/// One flag for each stored bin. It is the same for f and -f, or the filter would not be real.
using Bins = std::vector<char>;

/// How much some bins hold, on the whole plane.
struct BinTally {
    Index frequencies = 0;
    double energy = 0; ///< sum of the squared response that acts, see actingAt()
};
FOVEA_API BinTally tallyOf(
    const FrequencyPlane& plane, std::span<const std::complex<float>> filter, const Bins& bins);

/// As text: `all`; `ring:A..B`, where A < sqrt(fy^2 + fx^2) <= B in cycles per token, frequency 0 where A is
/// 0; `wedge:A..B`, where the angle from the x axis to the y axis, which points down, is from A to less than
/// B degrees, modulo 180; `box:Y0..Y1,X0..X1`, ends included; `mask:HEX`, the stored bins row by row, four a
/// digit, the first bin its highest bit. Each holds -f where it holds f, and -1/2 is 1/2. Before one of them
/// `equal-number:SEED:` or `equal-energy:SEED:`: other coefficients, drawn from the whole plane.
class FOVEA_API FrequencyRegion {
public:
    enum class Shape { All, Ring, Wedge, Box, Mask };
    enum class Draw { None, EqualNumber, EqualEnergy };

    /// "ring:A..B, wedge:A..B, ...", for help and messages.
    static std::string forms();
    /// Throws UsageError, which says what is allowed.
    static FrequencyRegion parse(std::string_view text);
    static FrequencyRegion ofBins(const FrequencyPlane& plane, const Bins& bins);
    std::string text() const;

    /// The shape's own bins, whether or not others are drawn in their place. Throws UsageError for a mask of
    /// another plane.
    Bins bins(const FrequencyPlane& plane) const;
    /// The bins that are meant for one channel of the filter called `path`. Drawn coefficients may be of the
    /// region too: what holds most of the plane could have no others. Pairs f, -f and frequencies that are
    /// their own mirror are put in an order at random, by (seed, path, channel) alone. EqualNumber takes the
    /// first of each, as many as the region holds of each. EqualEnergy goes on in that order while the
    /// sum stays below the region's energy, and skips what would exceed it by more than what is missing; what
    /// exceeds it by less ends the draw, and of the rest that one is taken that comes nearest.
    Bins bins(const FrequencyPlane& plane, std::span<const std::complex<float>> filter, std::string_view path,
        Index channel) const;

    Shape shape = Shape::All;
    std::vector<double> edges = {}; ///< A, B; or Y0, Y1, X0, X1
    std::string mask = {}; ///< of Mask: the digits
    Draw draw = Draw::None;
    std::uint64_t seed = 0;
    bool operator==(const FrequencyRegion&) const = default;
};

}
