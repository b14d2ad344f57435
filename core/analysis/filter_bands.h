// What kind of a filter each channel is: low-pass, high-pass, oriented or none of them; and channels put in
// an order, by that or by likeness. It says nothing of how strong a filter is.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"

#include <array>
#include <vector>

namespace fovea::analysis {

enum class Band { LowPass, Oriented, HighPass, Other };
constexpr std::size_t bandCount = 4;
/// "low-pass", "oriented", "high-pass", "other"
FOVEA_API const char* bandName(Band band);

/// With the energy E = |fft2(k)|^2 at each frequency, r its radius in cycles per token and t the orientation
/// of its wave:
///   low = mean of E over r < 1/4, over that plus the mean over r >= 1/4 (corners too): 1/2 for a flat
///   filter; orientation = |sum of E exp(2 i t) over 0 < r <= 1/2| / sum of E over all: 1 when all is on one
///   line through frequency 0 without that, 0 for what looks the same in two directions at right angles.
/// Oriented where orientation >= 1/2; else low-pass where low >= 2/3 and high-pass where low <= 1/3, twice as
/// much on one side as on the other; else, and for a filter of zeros, other.
struct ChannelBand {
    double low = 0, orientation = 0; ///< NaN for a filter of zeros
    double angle = 0; ///< degrees, 0 to less than 180, of the direction in which it varies; 0: left to right
    Band band = Band::Other;
};
FOVEA_API std::vector<ChannelBand> filterBands(const Record& filter);
/// How many of the channels are of each band, over their number, in the order of Band.
FOVEA_API std::array<double, bandCount> bandShares(const std::vector<ChannelBand>& channels);

/// Channels by band, in the order of Band: of each the clearest first (low-pass by falling, high-pass by
/// rising low, others by falling low), the oriented by angle. Equal ones stay in their order.
FOVEA_API std::vector<int> orderByBand(const std::vector<ChannelBand>& channels);
/// Channels so that like ones are neighbours: average linkage (UPGMA) of the magnitudes |fft2(k)|, each
/// divided by its norm, by Euclidean distance. Of two groups that are joined the one with the lower channel
/// is first; of equal distances the lowest channels go first.
FOVEA_API std::vector<int> orderByLikeness(const Record& filter);

}
