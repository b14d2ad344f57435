// A source that only declares its signals, and edits bound to it. Runs nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/edit.h"

namespace fovea::test {

using Floats = std::vector<float>;

inline const std::vector<std::string> blocks{"embed", "blocks.0", "blocks.1"};
inline const std::vector<SignalInfo> infos{{"embed.out", Kind::Tokens, "", -1, "embed"},
    {"blocks.0.pattern", Kind::Attention, "", 0, "blocks.0"},
    {"blocks.0.scores", Kind::Attention, "", 0, "blocks.0"}, {"blocks.0.grid", Kind::Grid, "", 0, "blocks.0"},
    {"blocks.0.keep", Kind::Keep, "", 0, "blocks.0"}, {"blocks.0.head", Kind::Heads, "", 0, "blocks.0"},
    {"blocks.0.out", Kind::Tokens, "", 0, "blocks.0"}, {"blocks.1.out", Kind::Tokens, "", 1, "blocks.1"},
    {"blocks.1.filter", Kind::Filter, "", 1, "blocks.1"}, {"logits", Kind::Vector, "", -1, ""}};

inline EditPlan plan(const char* edit, const EditPlan::PatchSource& patches = {})
{
    return EditPlan({Edit::parse(edit)}, infos, blocks, patches);
}

/// What an edit makes of the numbers of a signal.
inline Floats edited(const char* edit, const Shown& shown, const Shape& shape, const Floats& values)
{
    EditPlan made = plan(edit);
    const Tensor result = made.apply(shown, Tensor::of<float>(shape, values));
    return {result.values<float>().begin(), result.values<float>().end()};
}

}
