// What sanity checks have found, so that it stands beside a map without being computed anew: by model, method
// and options. It checks nothing itself and knows no files.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/randomised_weights.h"

#include <map>

namespace fovea::analysis {

/// A data set as people read it, without what says nothing of its test pictures: "shapes (size 48)" for
/// "shapes:size=48,train=1000".
FOVEA_API std::string dataText(const std::string& data);

/// On which pictures a check was made, and how often the weights were drawn.
struct SanityStudy {
    std::string data; ///< as `fovea train --data` takes it
    int pictures = 0, draws = 0;
    bool operator==(const SanityStudy&) const = default;
};

/// One check of one method on one model.
struct KnownSanity {
    std::string weights; ///< SHA-256 of their file, hexadecimal
    std::string config; ///< of the weights, as JSON: a foreign file may be opened in several ways
    std::string method; ///< its name
    std::map<std::string, std::string> options; ///< of the fields that the method reads, as text
    SanityStudy on;
    double largest = nan; ///< Sanity::mostLeft()
    double betweenPictures = nan;
    FOVEA_API bool fails() const;
    /// "sanity check: rank correlation 0.31 with maps of random weights (above .5 fails), 0.12 between
    /// pictures (50 of shapes, draws: 5)"
    FOVEA_API std::string text() const;
};

FOVEA_API KnownSanity knownSanity(const Weights& weights, const RelevanceMethod& method,
    const Config& options, const SanityStudy& on, const Sanity& found);

/// What is known of a method under these options, from the most pictures and, among those, draws; the later
/// of equals. nullptr: nothing is, as for weights that are in no file.
FOVEA_API const KnownSanity* findSanity(const std::vector<KnownSanity>& known, const Weights& weights,
    const RelevanceMethod& method, const Config& options);

/// Takes the place of one with the same study of the same, or stands last.
FOVEA_API void addSanity(std::vector<KnownSanity>& known, const KnownSanity& found);

}
