// Runs of the toy sources, and how two of them differ. It checks nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/toys/toys.h"

namespace fovea::test {

inline const Architecture& toy(const char* id) { return toys::toys().requireArchitecture(id); }

inline TracePtr runToy(const char* id, const ExecuteOptions& options, const Tensor& input)
{
    return execute(toy(id), *toys::toyWeights(toy(id)), input, options);
}

/// The first path at which two traces differ in a value; empty when they are bit-equal.
inline std::string firstDifference(const Trace& a, const Trace& b)
{
    const auto& left = a.steps.front()->all();
    if (left.size() != b.steps.front()->all().size())
        return "the number of records";
    for (std::size_t i = 0; i < left.size(); ++i) {
        const RecordPtr& right = b.steps.front()->all()[i];
        if (left[i]->path() != right->path() || !left[i]->value.identical(right->value))
            return left[i]->path();
    }
    return a.output.identical(b.output) ? "" : "output";
}

inline ExecuteOptions withEdit(const char* edit)
{
    ExecuteOptions options;
    options.edits = {Edit::parse(edit)};
    return options;
}

}
