// Relevance methods over many pictures: which map is worth something, with intervals. It reads no files.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/interval.h"
#include "core/analysis/method_comparison.h"

#include <array>

namespace fovea::analysis {

/// A question about a picture: one object of it, where objects are known.
struct StudyPicture {
    Index sample = 0; ///< its number; the questions about one picture share it
    Tensor input; ///< [1, ...]
    int classIndex = -1; ///< whose relevance; -1: the most probable class
    Tensor mask; ///< u8 [y, x], 255 where the class's object is; undefined: nobody knows
    Tensor others; ///< the same of objects of other classes; undefined: there are none
};

/// What is measured of a map; NaN where it is not known (no mask). Others: the pointing game on the objects
/// of other classes, which a map of this class should miss.
enum class Measure { Deletion, Insertion, Rank, Pointing, Iou, Others };
constexpr std::size_t measureCount = 6;
/// "deletion", "insertion", "rank_correlation", "pointing", "iou", "pointing_others"
FOVEA_API std::string measureName(Measure measure);

/// The answers to one question.
struct StudyRow {
    Index sample = 0;
    std::vector<std::array<double, measureCount>> values; ///< [method][measure]
};
/// Throws Error when a method does not fit the model, Cancelled.
FOVEA_API StudyRow studyPicture(const Architecture& architecture, const Weights& weights,
    const StudyPicture& picture, const std::vector<const RelevanceMethod*>& methods, const Config& options,
    const ExecuteOptions& run = {});

/// Those of the methods that fit the model, tried on one picture.
FOVEA_API std::vector<const RelevanceMethod*> fittingMethods(const Architecture& architecture,
    const Weights& weights, const StudyPicture& picture, const std::vector<const RelevanceMethod*>& methods,
    const Config& options, const ExecuteOptions& run = {});

/// Whether a good map has a small number there.
FOVEA_API bool isLowGood(Measure measure);

/// One method and one measure over all pictures, each the mean over its objects, which are not independent of
/// one another. `over` holds, for each baseline of `methods` in their order,
/// the paired difference method - baseline.
struct StudyResult {
    const RelevanceMethod* method = nullptr;
    Measure measure = Measure::Deletion;
    Estimate mean;
    std::vector<std::pair<std::string, Estimate>> over;
    /// Better than every one of these baselines, with all of each interval; false without any.
    FOVEA_API bool beatsBaselines() const;
};
/// Of rows of studyPicture() with the same methods, those of a picture one behind the other; measures that no
/// picture has are left out.
FOVEA_API std::vector<StudyResult> studyResults(
    const std::vector<StudyRow>& rows, const std::vector<const RelevanceMethod*>& methods);

/// The same as Points [method, field] "relevance.study": mean, low and high of each measure, in the order of
/// the results; NaN where a method has none.
FOVEA_API Record studyTable(
    const std::vector<StudyResult>& results, const std::vector<const RelevanceMethod*>& methods);

}
