// What a lab's theory says (Lab::theory), read by the names of its records: curves that stand beside signals,
// marks on the axis of steps, conditions. It predicts nothing itself.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/course.h"
#include "core/export.h"
#include "core/source/source.h"

#include <optional>

namespace fovea::analysis {

/// theory.X of Kind Vector over an axis "step", which says at which steps where it has values.
struct FOVEA_API TheoryCurve {
    std::string name; ///< "theory.chi_low"
    std::string role;
    std::vector<double> steps, values;
    double at(double step) const; ///< between its points on a straight line; NaN beyond them
};

/// All that theory says of the signals X and *.X: theory.X and theory.X_star as curves, theory.X_low to
/// theory.X_high as a band.
struct FOVEA_API TheoryQuantity {
    std::string name; ///< X
    std::vector<TheoryCurve> curves;
    std::optional<TheoryCurve> low, high;
    bool speaksOf(std::string_view path) const;
};

/// A label of theory.conditions (1 holds, 0 fails), beside theory.conditions_value and
/// theory.conditions_bound.
struct TheoryCondition {
    std::string name;
    bool holds = false;
    double value = 0, bound = 0; ///< NaN: it is no matter of a number
};

/// A step of a run where something ends or begins.
struct PhaseMark {
    std::string name, detail; ///< "snap", "10 %"
    double step = 0;
    double low = 0, high = 0; ///< of the band round it; NaN: none
    bool isFound = false; ///< in the run; else predicted
    /// An end that is none equals another one that is none.
    FOVEA_API bool operator==(const PhaseMark& other) const;
};
/// The same number, or none both times.
FOVEA_API bool isSameMark(double a, double b);

struct FOVEA_API Theory {
    std::vector<TheoryQuantity> quantities; ///< in the order of the records
    std::vector<TheoryCondition> conditions;
    std::vector<PhaseMark> marks; ///< predicted
    std::string time; ///< the role of theory.time: "t = steps / (1 - momentum)"
    double timePerStep = 0; ///< NaN: it is not told
    std::vector<std::string> failing() const; ///< names of the conditions that fail
};

/// Of theory.marks, labels with the same words before the comma are one mark: the middle one of them, the
/// others its band. Marks that are no number are left out.
FOVEA_API Theory readTheory(const std::vector<Record>& records);
/// The theory of a lab; where it has a field `theory_steps` its curves go on to that step, as far as the
/// field's range goes.
FOVEA_API Theory theoryOf(const Lab& lab, Config config, Index lastStep);

/// The path of the signal whose logarithm-like growth is looked at for a snap: a Scalar `growth`.
inline constexpr const char* growthSignal = "growth";
/// The mark "snap" of a course of that signal: at 10 % of the steepest growth, its band from 20 to 5 %. An
/// end of the band that is not reached yet is NaN.
FOVEA_API std::optional<PhaseMark> foundSnap(const Course& growth);

}
