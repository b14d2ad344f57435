// The table verb x Kind: what each verb of an edit is for, and what it does to a value. Only EditPlan uses
// it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/edit.h"
#include "core/trace/edit_selection.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fovea::edits {

/// What a verb is applied to, and under which name it complains.
struct Target {
    const Edit& edit;
    Kind kind;
    std::vector<Selection> selections;
    RecordPtr other = {}; ///< of `patch`: the same signal in the other trace; of `from`: of the other block
    std::string domain = {}; ///< of a Filter, see SignalInfo
    LayoutPtr layout = {}; ///< of the signal's tokens; for a Filter: the grid that it is for
    std::string_view path = {}; ///< of the signal
};

struct Verb {
    std::string_view name;
    std::string_view argument; ///< as help shows it; in brackets: may be left out; empty: none
    std::string_view subject; ///< what it is for, in words
    bool (*suits)(const SignalInfo& signal);
    void (*apply)(Tensor& value, const Target& target);
    /// Turns the gradient of what apply() made of `value` into that of `value`. What was set is a constant.
    void (*pullBack)(Tensor& gradient, const Tensor& value, const Target& target);
    bool suitsBlocks = false; ///< may be said of what a whole block adds to the stream
    std::string_view part = ".out"; ///< the signal that is meant where a path names a module
};

std::span<const Verb> verbs();
/// "scale:NUMBER"
std::string textOf(const Verb& verb);
/// Throws UsageError for a verb that there is not, or when the argument is not what it takes.
const Verb& verbOf(const Edit& edit);
/// A finite number, or nothing.
std::optional<float> numberIn(const std::string& text);
[[noreturn]] void refuse(const Edit& edit, const std::string& why);

}
