// What dropping tokens costs and what it is worth, over many pictures: accuracy and answers against
// multiply-accumulates and measured time, of several models side by side. It reads no data set; which models
// are fair rivals is core/analysis/cost_contenders.h's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/interval.h"
#include "core/analysis/relevance_study.h"

namespace fovea::analysis {

/// One point of a curve: a model under one setting. Each holds packed matrices of its own.
struct CostContender {
    std::string series; ///< the curve: "threshold", "top", "evit", ..
    double setting = 0; ///< what moves along the curve, NaN: nothing does
    double rival = nan; ///< the threshold whose cost it has; NaN: none
    const Architecture* architecture = nullptr;
    WeightsPtr weights;
};

/// What one contender did with one picture; NaN: not known, or not asked.
struct CostAnswer {
    double milliseconds = 0, macs = 0;
    double right = 0; ///< 1: the label's logit is the highest
    double logit = 0; ///< of the label
    double kept = nan; ///< share of the patches that are left behind the last stage
    double iou = nan; ///< of these and the patches of which an object covers at least half
    double blank = nan; ///< share of the patches that are left in which all pixels are equal
};

/// The answers to all pictures. The number `picture` is the sample's.
struct CostAnswers {
    std::vector<Index> picture;
    std::vector<std::vector<CostAnswer>> of; ///< [contender][picture]
    double blank = nan; ///< share of all patches in which all pixels are equal; NaN where no one drops any
};

struct CostPoint {
    std::string series;
    double setting = 0, rival = nan; ///< as of the contender
    double macs = 0; ///< mean multiply-accumulates of a picture
    double milliseconds = 0; ///< median time of a forward pass, batch 1, nothing recorded
    Estimate accuracy; ///< share of pictures, with Wilson's interval
    Estimate gain; ///< mean of right - right of the first contender on the same pictures, with its interval
    Estimate logit; ///< mean change of the label's logit from the first contender's
    Estimate kept; ///< share of the patches that are left behind the last stage
    Estimate iou; ///< of these and the patches of which an object covers at least half; of pictures with both
    Estimate blank; ///< share of the patches that are left in which all pixels are equal
};

struct CostOptions {
    /// Pictures, from the first on, of which the kept patches are asked: one more pass of each contender.
    Index keptPictures = 500;
    /// Passes of each contender on the first picture that nobody times, before all others.
    Index warmUps = 2;
};

/// Every contender answers every picture, alone and in turn, so that all share the machine's moods; another
/// one begins with each picture. The first one, which usually keeps everything, is what the others are held
/// against. Of a picture with several objects the first one's class is the label, and the objects together
/// are the mask. Of a token that was merged the patch that speaks for it counts as kept. Of the options pool,
/// workspace, stop, seed and progress are used. Throws Error when there are no contenders or no pictures, or
/// one has no label; Cancelled.
FOVEA_API CostAnswers costAnswers(const std::vector<CostContender>& contenders,
    const std::vector<StudyPicture>& pictures, const CostOptions& options = {},
    const ExecuteOptions& run = {});

/// A point for each contender.
FOVEA_API std::vector<CostPoint> costPoints(
    const std::vector<CostContender>& contenders, const CostAnswers& answers);

/// Both of them.
FOVEA_API std::vector<CostPoint> costAccuracy(const std::vector<CostContender>& contenders,
    const std::vector<StudyPicture>& pictures, const CostOptions& options = {},
    const ExecuteOptions& run = {});

/// A record for each series, in the order of the points: "cost-accuracy.<series>", Points [point, field]:
/// setting, rival, macs, milliseconds, accuracy, gain, logit, kept, iou and blank, each of the last six with
/// its interval.
FOVEA_API std::vector<Record> costTables(const std::vector<CostPoint>& points);

}
