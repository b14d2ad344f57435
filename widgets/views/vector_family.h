// Vector signals of one name in several places, as classes.0.c and classes.1.c: which there are, what their
// elements are called, how far their values reach. It draws nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/value_scale.h"

#include "core/trace/trace.h"

#include <QString>

#include <map>
#include <span>

namespace fovea {

/// A path with its last number replaced: "classes.3.c" is "classes.*.c"; a path without one stays.
std::string patternOf(const std::string& path);
/// The path of a pattern with that number.
std::string pathIn(const std::string& pattern, Index number);
/// The same pattern with another last part: "classes.*.c" and "p" are "classes.*.p".
std::string besidePattern(const std::string& pattern, const std::string& last);

/// The vectors of a step that a pattern holds, by their numbers; 0 for a path without one.
struct VectorFamily {
    std::string pattern; ///< empty: the step holds no vector
    std::map<Index, RecordPtr> members;
    /// What the members are alike, from their role: "attention c" of "class 0: attention c".
    QString quantity() const;
    /// What a member is: "class 0"; its path where its role does not say.
    QString nameOf(Index number) const;
};
/// Of the chosen path, when it is a vector of the step; else the first whose elements have names; else the
/// first.
VectorFamily familyOf(const StepRecords& step, const std::string& chosen);
VectorFamily familyOfPattern(const StepRecords& step, const std::string& pattern);

/// Neighbouring elements whose names differ in their last number only.
struct Band {
    QString name; ///< "distinct 0" of "distinct 0.7"
    QString stem; ///< "distinct": the same of several bands
    Index first = 0, count = 0;
};
std::vector<Band> bandsOf(const TokenLayout& names);
/// Of the elements of a vector, from the names in its layout; none without names.
std::vector<Band> bandsOf(const Record& vector);
/// What they are: "class" where all are called so, else "token".
QString axisOf(const TokenLayout& names);
/// "distinct 0.7", or "7" where nothing has a name.
QString elementName(const Record& vector, Index element);
/// What its elements are: axisOf() their names, or the axis' own name.
QString elementAxis(const Record& vector);

/// How far the values of a vector reach over the steps of a run that grows, and which elements are ever
/// another number than zero.
class ElementExtents {
public:
    /// Takes in what is new in a version of a run. Another run, or another path, is read from its beginning.
    void follow(const TracePtr& trace, const std::string& path);
    const ValueRange& range() const { return range_; }
    bool isSeen(Index element) const
    {
        return element < static_cast<Index>(isSeen_.size())
            && isSeen_[static_cast<std::size_t>(element)] != 0;
    }
    Index elements() const { return static_cast<Index>(isSeen_.size()); }
    /// The steps that had the vector when they were taken in, ascending: a long run keeps few of them.
    const std::vector<Index>& steps() const { return steps_; }

private:
    void take(std::span<const double> values);

    ValueRange range_;
    std::vector<char> isSeen_;
    std::vector<Index> steps_;
    std::string path_;
    RunIdentity run_;
    Index last_ = -1; ///< step that was taken in
};

/// The numbers of a vector without a copy where they are doubles already.
class VectorNumbers {
public:
    explicit VectorNumbers(const Tensor& tensor);
    std::span<const double> values() const { return values_; }

private:
    std::vector<double> own_;
    std::span<const double> values_;
};

/// The position of the last recorded step up to `number`; -1: there is none.
std::ptrdiff_t lastUpTo(const StepList& steps, Index number);

}
