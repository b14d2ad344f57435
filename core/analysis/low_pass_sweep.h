// What filters may lose of their high frequencies: accuracy and logit over many pictures while the radius
// that a filter keeps grows, beside other coefficients taken at random. It reads no data set.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/interval.h"
#include "core/analysis/relevance_study.h"

#include <array>

namespace fovea::analysis {

/// What is set to 0 of a filter K: where sqrt(fy^2 + fx^2) exceeds the radius (cycles per token), or as many,
/// or as strong coefficients from anywhere on the plane (FrequencyRegion).
enum class Cut { LowPass, EqualNumber, EqualEnergy };
constexpr std::array allCuts{Cut::LowPass, Cut::EqualNumber, Cut::EqualEnergy};
/// "low-pass", "equal-number", "equal-energy"
FOVEA_API std::string cutName(Cut cut);

struct SweepPoint {
    Estimate accuracy; ///< share of pictures, with Wilson's interval
    Estimate logit; ///< mean over pictures of the label's logit, after - before
};

/// The filters that are cut together: one layer's, or those of all layers.
struct SweepRow {
    std::vector<std::string> filters; ///< Filter signals called `*.weight`
    int number = -1; ///< layerNumber(); -1: all layers
};

struct LowPassSweep {
    std::vector<double> radii; ///< ascending, cycles per token
    std::vector<SweepRow> rows; ///< layers by depth, then all of them where there are several
    Estimate whole; ///< accuracy of the model as it is
    std::vector<SweepPoint> points; ///< [row, cut, radius]

    const SweepPoint& at(std::size_t row, Cut cut, std::size_t radius) const
    {
        return points[(row * allCuts.size() + static_cast<std::size_t>(cut)) * radii.size() + radius];
    }
};

/// .05 to .5 by .05, and .6: what lies beyond .5 is in the plane's corners.
FOVEA_API std::vector<double> usualRadii();

/// Answers every picture under every cut, `batch` pictures at a time, each cut from its own block on. Of a
/// picture with several objects the first one's class is the label. Controls draw with seed 0, anew for each
/// channel. `radii` ascend, one at least. Of the options pool, workspace, stop and progress are used.
/// Throws Error when the model has no filters or a picture no label, Cancelled.
FOVEA_API LowPassSweep sweepLowPass(const Architecture& architecture, const Weights& weights,
    const std::vector<StudyPicture>& pictures, const std::vector<double>& radii,
    const ExecuteOptions& options = {}, Index batch = 16);

/// A record for each cut, "low-pass-sweep.<cut>", Points [row and radius, field]: layer (-1: all), radius,
/// accuracy, logit, each of these two with its interval.
FOVEA_API std::vector<Record> sweepTables(const LowPassSweep& sweep);

}
