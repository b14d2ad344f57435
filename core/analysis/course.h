// How a number of a record changes over the steps of a trace. It draws nothing and smooths only when asked.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/trace.h"

#include <string>
#include <vector>

namespace fovea::analysis {

/// One element of a record, step by step. It grows with a run that grows: follow() looks only at what is new.
class FOVEA_API Course {
public:
    explicit Course(std::string path, Index element = 0);

    /// Takes in the steps of a version of a run; nullptr: there is none. Those that it has seen before it
    /// does not look at again, and keeps those that are still there: a long run is thinned. Another run is
    /// read from its beginning. Steps without the record, or without that element, are left out.
    void follow(const TracePtr& trace);
    const std::string& path() const { return path_; }
    const std::vector<double>& steps() const { return numbers_; } ///< ascending
    const std::vector<double>& values() const { return values_; }
    /// The value at a step; NaN where there is none.
    double at(Index step) const;

private:
    void keepOnly(const StepList& steps);

    std::string path_;
    Index element_;
    std::vector<double> numbers_, values_;
    RunIdentity run_;
    std::size_t seen_ = 0;
    Index last_ = -1; // of those seen
};

/// The exponential mean with its beginning corrected for (Kingma and Ba, arXiv 1412.6980, section 3):
/// m_t = w m_(t-1) + (1 - w) x_t, y_t = m_t / (1 - w^t). A value that is not finite stays one and is passed
/// over. w in [0, 1).
FOVEA_API std::vector<double> smoothed(const std::vector<double>& values, double weight);

/// a - b at the steps that both have.
struct Points {
    std::vector<double> x, y;
};
FOVEA_API Points difference(const Course& a, const Course& b);

/// A curve with as many points as `columns` can show: of each column the first, least, largest and last, so
/// that it looks the same. x ascends.
FOVEA_API Points thinned(const std::vector<double>& x, const std::vector<double>& y, std::size_t columns);

/// a - b, element by element; undefined when they differ in kind, shape or layout, or only factors were kept.
FOVEA_API Record difference(const Record& a, const Record& b);

}
