// Where the checks of the plugin contract write what they find. Only the contract uses it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/contract.h"

#include <set>

namespace fovea {

/// Collects findings; a rule that throws is a finding too, but for the wish to stop.
class Report {
public:
    explicit Report(StopToken stop)
        : stop_(std::move(stop))
    {
    }
    /// For what a rule runs.
    const StopToken& stop() const { return stop_; }
    template <class Fn>
    void rule(const std::string& name, Fn check)
    {
        stop_.check();
        name_ = name;
        try {
            check();
        } catch (const std::exception& error) {
            stop_.check();
            add(error.what());
        }
    }
    void require(bool kept, const std::string& problem)
    {
        if (!kept)
            add(problem);
    }
    void add(const std::string& problem) { findings_.push_back(Finding{name_, problem}); }
    /// Each item has a name of its own.
    template <class T>
    void requireUnique(const std::vector<T>& items, std::string T::*name, const std::string& what)
    {
        std::set<std::string> seen;
        for (const T& item : items) {
            require(!(item.*name).empty(), "a " + what + " without a name");
            require(
                seen.insert(item.*name).second, "two of the " + what + "s are called '" + item.*name + "'");
        }
    }
    const std::vector<Finding>& findings() const { return findings_; }

private:
    StopToken stop_;
    std::string name_;
    std::vector<Finding> findings_;
};

/// The checks that run an architecture, with fresh weights of its tiny config.
void checkRuns(Report& report, const Architecture& architecture);
void checkRuns(Report& report, const Lab& lab);
/// Normally distributed numbers, [batch, ...]; of an architecture that takes token ids, ids.
Tensor contractInput(const Architecture& architecture, const Config& config, Index batch);
/// The first path where two steps differ by more than `tolerance` times the largest value there; 0 asks for
/// equal bits. Empty: nowhere.
std::string firstDifference(const StepRecords& a, const StepRecords& b, double tolerance = 0);

}
