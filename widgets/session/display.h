// How things are shown, the same for all views. Kept by undo, by session files and by recipes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/value_scale.h"

#include "core/analysis/relevance.h"
#include "core/analysis/rollout.h"
#include "core/source/source.h"

#include <QJsonObject>

namespace fovea {

/// How curves over steps are drawn.
struct CurveOptions {
    bool logSteps = false, logValues = false;
    double smoothing = 0; ///< weight of the running mean, 0: none
    bool difference = false; ///< A - B instead of both
    std::string measure = "entropy"; ///< of heads over steps
    bool operator==(const CurveOptions&) const = default;
};

/// Which pictures the relevance methods are measured on.
struct StudyOptions {
    std::string data; ///< as `fovea train --data` takes it; empty: train::usualData()
    int count = 50; ///< of its test pictures
    int draws = 5; ///< of random weights in the sanity check; 0: none
    bool operator==(const StudyOptions&) const = default;
};

/// What the view of cost against accuracy compares, and what it draws of that.
struct CostChoice {
    std::string x = "macs"; ///< or "milliseconds"
    std::string y = "accuracy"; ///< or "logit"
    std::string thresholds; ///< numbers between commas; empty: analysis::usualThresholds()
    int calibration = 1000; ///< pictures, of those of the study, on which rivals are brought to equal cost
    bool operator==(const CostChoice&) const = default;
};
/// In rising order, each once. Throws Error naming the field where one is not between 0 and 1.
std::vector<double> thresholdsOf(const CostChoice& choice);

/// What views of vectors over steps (maps, bars, courses) draw of them.
struct StepMapOptions {
    std::string steps; ///< numbers between commas; empty: all that were recorded
    std::string panels; ///< which signals of one name, by their numbers; empty: those around the chosen one
    std::string columns = "seen"; ///< or "all", or "own": see displaySchema()
    std::string runs = "compared"; ///< or "shown", or "all"
    std::string course = "z", color = "p"; ///< last parts of paths
    bool operator==(const StepMapOptions&) const = default;
};
/// The whole numbers of a list, in rising order, each once; empty: none. Throws Error naming the field.
std::vector<Index> stepsOf(const StepMapOptions& options);
std::vector<Index> panelsOf(const StepMapOptions& options);

struct Display {
    QString colors = QStringLiteral("viridis"); ///< of quantities >= 0
    ScaleMode scale = ScaleMode::Layer;
    double fixedMax = 1; ///< upper end in ScaleMode::Fixed
    bool logarithmic = false;
    double opacity = 0.75; ///< of a map over the picture, at the upper end of its colours
    bool grid = true; ///< the patch grid over the picture
    bool hideSpecials = false; ///< attention without special tokens, rows renormalised
    bool wholeMatrices = false; ///< thumbnails show whole matrices, not the chosen query
    std::string dropped = "dimmed"; ///< how patches that a model dropped look: or "whitened"
    std::string strip; ///< further pictures of the strip: paths joined by ;
    CurveOptions curves;
    std::string filterOrder = "stored"; ///< of the channels in the grid of filters
    std::string filterMagnitude = "linear"; ///< how one filter's magnitude is coloured
    std::string relevanceClass; ///< whose relevance: a label or number; empty: the most probable
    std::string removalMethod = "chefer"; ///< whose deletion and insertion curves are drawn
    Config relevance{
        analysis::relevanceSchema()}; ///< options of the methods, those of the rollout among them
    StudyOptions study;
    CostChoice cost;
    StepMapOptions map;
    analysis::RolloutOptions rollout() const { return analysis::rolloutOptions(relevance); }
    bool operator==(const Display&) const = default;
};

/// The fields of Display with defaults, ranges and help: forms and files derive from it.
const Schema& displaySchema();
Config configOf(const Display& display);
Display displayFrom(const Config& config);

QJsonObject toJson(const Config& config);
/// Defaults overwritten by `json`. Throws Error naming a field as "<owner>.<field>".
Config configFrom(const Schema& schema, const QJsonObject& json, const std::string& owner);
QJsonObject toJson(const Answers& answers);
/// Throws Error naming a field that is no text.
Answers answersFrom(const QJsonObject& json);

}
