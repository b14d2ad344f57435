// What a recording counts against its budgets. It is not exact: containers are guessed at.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"
#include "core/trace/trace.h"

namespace fovea {

constexpr std::size_t recordOverhead = 600; ///< bytes of a record besides its values, about

inline std::size_t costOf(const StepRecords& step)
{
    return step.byteSize() + recordOverhead * step.all().size();
}

inline std::size_t costOf(const NamedTensors& state)
{
    std::size_t bytes = 0;
    for (const auto& [name, tensor] : state)
        bytes += tensor.byteSize();
    return bytes;
}

}
