// What each verb of an edit does to a value. Only EditPlan uses this.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/probe.h"
#include "core/trace/trace.h"

#include <optional>
#include <string>
#include <vector>

namespace fovea::edits {

/// One selector for each axis of a batched value, batch included: an index, or -1 for all.
using Selection = std::vector<Index>;

/// What a verb is applied to, and under which name it complains. The selections share no element.
struct Target {
    std::string edit;
    Kind kind;
    std::vector<Selection> selections;
};

/// The axis (without batch) that runs over tokens; the query axis of Attention.
std::optional<int> tokenAxis(Kind kind);
/// Indices as written to selections on `value`. Attention's begin at the head, and its queries and keys are
/// tokens of their layouts: one selection for each group that holds them. Other Kinds' begin at their first
/// axis. A special token's name may stand for its index. Throws UsageError when one is out of range.
std::vector<Selection> selections(
    Kind kind, const std::vector<std::string>& indices, const Shown& shown, const Tensor& value);

void scale(Tensor& value, const Target& target, float factor);
void set(Tensor& value, const Target& target, float constant);
/// Each selected element becomes the mean over the tokens at its other coordinates.
void mean(Tensor& value, const Target& target);
/// Selected edges become 0; with `renormalise` each row that lost some is scaled back to sum 1.
void cut(Tensor& value, const Target& target, bool renormalise);
/// Selected elements become those of the record; throws Error when it is missing or of another shape.
void patch(Tensor& value, const Target& target, const RecordPtr& record);

}
