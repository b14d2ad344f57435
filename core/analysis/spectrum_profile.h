// A spectrum over the frequency plane as curves: by radius and by orientation. Whose spectrum it is, a
// filter's, a token map's or an attention pattern's, does not matter here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"

namespace fovea::analysis {

/// All take a Grid [channel, ky, kx] of magnitudes m >= 0 with frequency 0 at (H/2, W/2), as
/// filterMagnitude() gives it, and throw Error for any other record. Frequencies are in cycles per token;
/// those beyond .5, in the corners, are in no curve.

/// Mean of m over rings, "<path>.radial", Matrix [channel, ring]: ring r holds radii from (r - 1/2) / n up to
/// (r + 1/2) / n, n = max(H, W), the last one .5 too; NaN where a ring holds none.
FOVEA_API Record radialProfile(const Record& spectrum);
/// Mean of m over sectors of 15 degrees, frequency 0 left out, "<path>.angular", Matrix [channel, 12]: sector
/// s is about the direction 15 s in which a wave varies, 0 from left to right, 90 from top to bottom, turning
/// as a clock does. NaN where a small grid has no frequency in a sector.
FOVEA_API Record angularProfile(const Record& spectrum);
/// radialProfile() over the level of a spectrum that is the same at all frequencies and has the same energy,
/// r = mean over a ring of m / sqrt(sum m^2 / (H W)), "<path>.relative": 1 everywhere for a kernel that is
/// one point, whatever its gain, and so one scale for filters and attention. NaN where all is 0.
FOVEA_API Record relativeProfile(const Record& spectrum);
/// Mean over the channels of a Grid or Matrix, "<path>.mean", with one channel; what is NaN is left out.
FOVEA_API Record channelMean(const Record& record);

}
